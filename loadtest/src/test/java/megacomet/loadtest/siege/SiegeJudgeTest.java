package megacomet.loadtest.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import megacomet.loadtest.siege.attacker.Outcome;
import org.junit.jupiter.api.Test;

/** An attack that was stood has no breach, and each figure that is too high is one breach, and nothing else beside it. */
class SiegeJudgeTest {

    private static final Limits LIMITS = Limits.PROMISED;
    private static final Outcome HELD_OFF = new Outcome(10, 1_000, Map.of("403", 10L), List.of());
    private static final Peaks CALM = new Peaks(200, 200, 10, 1, 5, 50);
    private static final Delays SOON = new Delays(100, 5, 40, 60);
    private static final Map<String, Long> COUNTED = Map.of("megacomet_refused_total{code=\"x\"}", 10L);

    private static List<String> breaches(
            Outcome outcome, Peaks peaks, Delays delays, Map<String, Long> counted, String... mishaps) {
        return SiegeJudge.breaches(
                new Row("attack", 2_000, outcome, peaks, delays, counted, true, List.of(mishaps)), LIMITS);
    }

    private static void assertBreach(String breach, List<String> breaches) {
        assertEquals(List.of(breach), breaches);
    }

    @Test
    void anAttackThatCostNothingAndWasCountedIsStood() {
        assertEquals(List.of(), breaches(HELD_OFF, CALM, SOON, COUNTED));
    }

    @Test
    void whatIsJustAllowedIsStood() {
        Peaks most = new Peaks(
                LIMITS.gatewayRssMb(),
                LIMITS.gatewayRssMb(),
                LIMITS.directMb(),
                LIMITS.redisMb(),
                LIMITS.logLines(),
                LIMITS.unansweredMs());
        assertEquals(List.of(), breaches(HELD_OFF, most, new Delays(1, 1, LIMITS.honestP99Ms(), 9_000), COUNTED));
    }

    @Test
    void aServerThatEndedHasFallen() {
        assertBreach(
                "gateway-0 ended: OutOfMemoryError",
                breaches(HELD_OFF, CALM, SOON, COUNTED, "gateway-0 ended: OutOfMemoryError"));
    }

    @Test
    void whatAnAttackerGotIsABreach() {
        Outcome gained = new Outcome(1, 1, Map.of(), List.of("a mailbox was read"));
        assertBreach("the attacker succeeded: a mailbox was read", breaches(gained, CALM, SOON, COUNTED));
    }

    @Test
    void honestBrowsersThatWaitedAreABreach() {
        assertBreach(
                "honest messages' 99th percentile: 1,001 ms (1,000 allowed)",
                breaches(HELD_OFF, CALM, new Delays(100, 5, 1_001, 1_001), COUNTED));
    }

    @Test
    void anAttackDuringWhichNobodyWasSentAnythingProvesNothing() {
        assertBreach(
                "no honest message was sent meanwhile, so that nothing is known of them",
                breaches(HELD_OFF, CALM, new Delays(0, 0, 0, 0), COUNTED));
    }

    @Test
    void memoryBeyondItsBoundIsABreachWhoseverItIs() {
        assertBreach(
                "the gateway's memory: 600 MB (512 allowed)",
                breaches(HELD_OFF, new Peaks(600, 200, 10, 1, 5, 50), SOON, COUNTED));
        assertBreach(
                "the publisher's memory: 600 MB (512 allowed)",
                breaches(HELD_OFF, new Peaks(200, 600, 10, 1, 5, 50), SOON, COUNTED));
        assertBreach(
                "the gateway's direct buffers: 129 MB (128 allowed)",
                breaches(HELD_OFF, new Peaks(200, 200, 129, 1, 5, 50), SOON, COUNTED));
        assertBreach(
                "Redis's growth: 90 MB (48 allowed)",
                breaches(HELD_OFF, new Peaks(200, 200, 10, 90, 5, 50), SOON, COUNTED));
    }

    @Test
    void aLogThatGrowsWithTheAttackIsABreach() {
        assertBreach(
                "what the logs say of it: 399 lines (200 allowed)",
                breaches(HELD_OFF, new Peaks(200, 200, 10, 1, 399, 50), SOON, COUNTED));
    }

    @Test
    void operatorsWhoAreNotAnsweredAreABreach() {
        assertBreach(
                "an operator's wait: 6,000 ms (5,000 allowed)",
                breaches(HELD_OFF, new Peaks(200, 200, 10, 1, 5, 6_000), SOON, COUNTED));
    }

    @Test
    void aRefusalThatLeavesNoTraceIsABreachWhereOneIsDue() {
        assertBreach("no counter of refusals or cuts rose", breaches(HELD_OFF, CALM, SOON, Map.of()));
        Row untold = new Row("attack", 2_000, HELD_OFF, CALM, SOON, Map.of(), false, List.of());
        assertEquals(List.of(), SiegeJudge.breaches(untold, LIMITS));
    }

    @Test
    void slackIsOfTimesAlone() {
        Limits slack = LIMITS.withTimes(4);
        assertEquals(4 * LIMITS.honestP99Ms(), slack.honestP99Ms());
        assertEquals(4 * LIMITS.unansweredMs(), slack.unansweredMs());
        assertEquals(LIMITS.gatewayRssMb(), slack.gatewayRssMb());
        assertEquals(LIMITS.redisMb(), slack.redisMb());
    }
}
