package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final class Alarm extends Deadlines.Entry {
        long dueMs;
    }

    private final Deadlines deadlines = new Deadlines(0);
    private final List<Deadlines.Entry> met = new ArrayList<>();

    private Alarm arm(long dueMs) {
        Alarm alarm = new Alarm();
        alarm.dueMs = dueMs;
        deadlines.arm(alarm, dueMs);
        return alarm;
    }

    @Test
    void areMetAtMostATickLateAndNeverEarly() {
        Random random = new Random(3);
        List<Alarm> alarms = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            alarms.add(arm(random.nextLong(600_000)));
        }
        for (long nowMs = 0; nowMs <= 600_200; nowMs += 1 + random.nextInt(Deadlines.TICK_MS)) {
            long now = nowMs;
            deadlines.advance(now, entry -> {
                Alarm alarm = (Alarm) entry;
                assertTrue(now >= alarm.dueMs, "early");
                assertTrue(now <= alarm.dueMs + 2 * Deadlines.TICK_MS, "late");
                met.add(entry);
            });
        }
        assertEquals(alarms.size(), met.size());
        assertEquals(0, deadlines.armed());
    }

    @Test
    void disarmedIsNotMet() {
        Alarm first = arm(1_000);
        Alarm second = arm(1_000);
        Alarm third = arm(1_000);
        deadlines.disarm(second);
        deadlines.disarm(second);
        deadlines.advance(2_000, met::add);
        assertEquals(List.of(third, first), met);
        assertFalse(second.isArmed());
    }

    @Test
    void armingAgainMovesTheDeadline() {
        Alarm alarm = arm(1_000);
        deadlines.arm(alarm, 3_000);
        deadlines.advance(2_000, met::add);
        assertEquals(List.of(), met);
        deadlines.advance(3_000, met::add);
        assertEquals(List.of(alarm), met);
    }

    @Test
    void whatOneDoesToOthersIsSeenAtOnce() {
        Alarm victim = arm(1_000);
        Alarm killer = arm(1_000);
        Alarm late = arm(500_000);
        deadlines.advance(1_000, entry -> {
            met.add(entry);
            deadlines.disarm(victim);
            deadlines.disarm(late);
            arm(1_000);
        });
        assertEquals(List.of(killer), met);
        assertEquals(1, deadlines.armed(), "the one armed meanwhile is for the next tick");
    }

    @Test
    void aLongSleepMeetsEverythingOnce() {
        for (int i = 0; i < 3_000; i++) {
            arm(i * 200L);
        }
        deadlines.advance(3_600_000, met::add);
        assertEquals(3_000, met.size());
        deadlines.advance(7_200_000, met::add);
        assertEquals(3_000, met.size());
    }

    @Test
    void onesInThePastAreMetAtTheNextTick() {
        deadlines.advance(50_000, met::add);
        Alarm alarm = arm(10);
        deadlines.advance(50_000 + Deadlines.TICK_MS, met::add);
        assertEquals(List.of(alarm), met);
    }
}
