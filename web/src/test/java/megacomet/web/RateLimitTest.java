package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final long MS = 1_000_000;

    private long nowNanos = 5;
    private final RateLimit<String> limit = new RateLimit<>(new Rate(10, 20), () -> nowNanos);

    private int takenWithin(long ms, String who) {
        int taken = 0;
        for (long i = 0; i < ms; i++) {
            nowNanos += MS;
            taken += limit.take(who, 1) == 0 ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aBurstPassesAndThenTheRate() {
        assertEquals(20 + 100, takenWithin(10_000, "a"), 2);
    }

    @Test
    void whoSaysOffHasNoLimit() {
        RateLimit<String> none = new RateLimit<>(Rate.parse(" Off"), () -> nowNanos);
        for (int i = 0; i < 1_000_000; i++) {
            assertEquals(0, none.take("a", 1_000_000));
        }
        assertEquals(0, none.known());
    }

    @Test
    void eachHasItsOwn() {
        takenWithin(10_000, "a");
        assertEquals(0, limit.take("b", 1));
    }

    @Test
    void whoIsRefusedIsToldWhenToComeBackAndMayThen() {
        assertEquals(0, limit.take("a", 20));
        long waitMs = limit.take("a", 1);
        assertTrue(waitMs > 0 && waitMs <= 100, waitMs + " ms");
        nowNanos += waitMs * MS;
        assertEquals(0, limit.take("a", 1));
    }

    @Test
    void oneLargeRequestPassesAndIsWaitedOff() {
        assertEquals(0, limit.take("a", 1_000));
        long waitMs = limit.take("a", 1);
        assertEquals(98_000, waitMs, 10);
        nowNanos += waitMs * MS;
        assertEquals(0, limit.take("a", 1));
    }

    @Test
    void whatIsTakenAnywayAsksForAPause() {
        assertEquals(0, limit.takeAnyway("a", 15));
        assertEquals(1_000, limit.takeAnyway("a", 15), 10);
    }

    @Test
    void thoseWhoAreRestedAreForgotten() {
        for (int i = 0; i < 1_000; i++) {
            limit.take("c" + i, 1);
        }
        assertEquals(1_000, limit.known());
        nowNanos += 60_000 * MS;
        for (int i = 0; i < 1_000; i++) {
            limit.take("last", 1);
        }
        assertTrue(limit.known() <= 2, limit.known() + " known");
    }

    @Test
    void noRateIsNoLimit() {
        RateLimit<String> none = new RateLimit<>(null);
        assertEquals(0, none.take("a", 1_000_000));
        assertEquals(0, none.take("a", 1));
    }

    @Test
    void ratesAreWrittenWithOrWithoutTheirUnit() {
        assertEquals(new Rate(100, 100), Rate.parse("100/s"));
        assertEquals(new Rate(0.5, 1), Rate.parse("0.5"));
        assertEquals(new Rate(100, 7), Rate.parse("100").withBurst(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "x", "1/m", "1 000"})
    void whatIsNoRateIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Rate.parse(text));
    }
}
