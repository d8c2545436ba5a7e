package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import megacomet.bench.HoldHeapBench;
import megacomet.bench.IdlePolls;
import megacomet.embedded.RedisServer;
import megacomet.fixture.GatewayProcess;
import megacomet.fixture.LiveHeap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an idle poll takes of a gateway's heap does not grow: {@link HoldHeapBench} with fewer of them. */
class HoldHeapIT {

    private static final int POLLS = 2_000;

    @Test
    void anIdlePollTakesNoMoreHeapThanWasReached() throws Exception {
        try (RedisServer redis = RedisServer.start();
                GatewayProcess gateway = new GatewayProcess(redis.url(), "--hold-timeout", "10m")) {
            try (IdlePolls first = IdlePolls.open(gateway.port(), "first", POLLS / 10)) {
                awaitHolds(gateway, POLLS / 10);
            }
            awaitHolds(gateway, 0);
            long before = LiveHeap.bytes(gateway.pid());
            try (IdlePolls polls = IdlePolls.open(gateway.port(), "user", POLLS)) {
                awaitHolds(gateway, POLLS);
                double kb = (LiveHeap.bytes(gateway.pid()) - before) / 1024.0 / POLLS;
                assertTrue(kb <= HoldHeapBench.limitKb(), kb + " KB a poll");
            }
        }
    }

    private static void awaitHolds(GatewayProcess gateway, int holds) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> gateway.holds() == holds);
    }
}
