package megacomet.bench;

import megacomet.embedded.RedisServer;

/**
 * How much of a gateway's heap an idle poll takes: a gateway process holds {@value #DEFAULT_POLLS} polls with seven ordinary
 * request headers, and its live heap after a full collection is compared with that before the first of them.
 *
 * <p>{@code make bench-hold-heap} runs it. What it leaves out: the kernel's memory for sockets, and memory beside the heap.
 */
public final class HoldHeapBench {

    private static final int DEFAULT_POLLS = 19_000;

    private HoldHeapBench() {}

    public static void main(String[] arguments) throws Exception {
        int polls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_POLLS;
        boolean isWithin;
        try (RedisServer redis = RedisServer.start();
                MeasuredGateway gateway = MeasuredGateway.start(redis.url(), "--hold-timeout", "10m")) {
            warmUp(gateway);
            long before = gateway.liveBytes();
            try (IdlePolls idle = IdlePolls.open(MeasuredGateway.PORT, "user", polls)) {
                gateway.awaitHolds(polls);
                long after = gateway.liveBytes();
                isWithin = gateway.report("idle polls", "poll", polls, before, after, limitKb());
            }
        }
        if (!isWithin) {
            System.exit(1);
        }
    }

    /** How much it may be, in KB: what was reached (docs/benchmarks.md), and a little. */
    public static double limitKb() {
        return Runtime.version().feature() >= 25 ? 2.2 : 2.5;
    }

    /** Loads the classes and fills the pools that the first few polls need. */
    private static void warmUp(MeasuredGateway gateway) throws Exception {
        try (IdlePolls first = IdlePolls.open(MeasuredGateway.PORT, "first", 200)) {
            gateway.awaitHolds(200);
        }
        gateway.awaitHolds(0);
    }
}
