package megacomet.loadtest.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.rest.Footprint;
import megacomet.loadtest.chaos.rest.Occupancy;
import megacomet.loadtest.chaos.rest.RedisKeys;
import org.junit.jupiter.api.Test;

class ReturnToBaseTest {

    private static final Occupancy NOBODY = new Occupancy(0, 0, 0);
    private static final Map<String, Long> NUMBERS = Map.of("state", 1_600L, "id", 9_000L, "deployment", 1L);

    /** What the second gateway takes after each round decides; the first is always the same. */
    private static List<Round> rounds(IntFunction<Footprint> second) {
        return IntStream.rangeClosed(1, 6)
                .mapToObj(number -> round(number, second.apply(number), NOBODY, NUMBERS))
                .toList();
    }

    private static Round round(int number, Footprint second, Occupancy there, Map<String, Long> keys) {
        List<Round.Gateway> gateways = List.of(
                new Round.Gateway("gateway-0", new Footprint(79, 11_500, 2_776, 220_000), NOBODY),
                new Round.Gateway("gateway-1", second, there));
        return new Round(number, 30_000, 60_000, 25_000, 0, Map.of(), 12_000, gateways, new RedisKeys(keys));
    }

    private static List<String> breaches(List<Round> rounds) {
        return ReturnToBase.judge(rounds, true).stream()
                .map(Verdict::breaches)
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> breachesOfOne(Occupancy there, Map<String, Long> keys) {
        List<Round> rounds = new ArrayList<>(rounds(number -> new Footprint(79, 11_500, 2_776, 220_000)));
        rounds.set(3, round(4, rounds.get(3).gateways().get(1).footprint(), there, keys));
        return breaches(rounds);
    }

    @Test
    void figuresThatGoUpAndDownABitAreBack() {
        assertEquals(
                List.of(),
                breaches(rounds(number ->
                        new Footprint(79 + number % 2 * 2, 11_500 + number % 3 * 100, 2_776 + number % 2 * 528, 1))));
    }

    @Test
    void residentMemoryIsOnlySaid() {
        assertEquals(List.of(), breaches(rounds(number -> new Footprint(79, 11_500, 2_776, number * 500_000L))));
    }

    @Test
    void sixteenBytesOfEachConnectionAreALeak() {
        List<String> breaches =
                breaches(rounds(number -> new Footprint(79, 11_500 + number * 15_000 * 16 / 1_024, 0, 0)));
        assertEquals(2, breaches.size(), breaches.toString());
        assertTrue(breaches.get(1).startsWith("round 6, gateway-1: 79 files, 12,906 KB"), breaches.get(1));
    }

    @Test
    void aFileOfEachRoundIsALeak() {
        List<String> breaches = breaches(rounds(number -> new Footprint(78 + number, 11_500, 2_776, 0)));
        assertEquals(1, breaches.size(), breaches.toString());
    }

    @Test
    void directMemoryThatGrowsIsALeak() {
        List<String> breaches = breaches(rounds(number -> new Footprint(79, 11_500, 1_500L * number, 0)));
        assertEquals(3, breaches.size(), breaches.toString());
    }

    @Test
    void heapThatCameBackInTheEndWasNotBackMeanwhile() {
        List<String> breaches = breaches(rounds(number -> new Footprint(79, number == 3 ? 14_000 : 11_500, 2_776, 0)));
        assertEquals(1, breaches.size(), breaches.toString());
        assertTrue(breaches.get(0).startsWith("round 3, "), breaches.get(0));
    }

    @Test
    void namesOfNewTopicsMayBeRemembered() {
        long cores = Runtime.getRuntime().availableProcessors();
        List<Round> rounds = rounds(number -> new Footprint(79, 11_500 + (number - 1) * 200 * cores, 2_776, 0)).stream()
                .map(round -> new Round(
                        round.number(),
                        round.connections(),
                        round.delivered(),
                        round.drops(),
                        1_280,
                        round.failures(),
                        round.emptyMs(),
                        round.gateways(),
                        round.keys()))
                .toList();
        assertEquals(List.of(), breaches(rounds));
    }

    @Test
    void aSeatThatIsLeftIsSeen() {
        assertEquals(
                List.of("round 4, gateway-1: 0 connections, 1 seats, 0 holds"),
                breachesOfOne(new Occupancy(0, 1, 0), NUMBERS));
    }

    @Test
    void aClientThatIsLeftInRedisIsSeen() {
        assertEquals(List.of("round 4, Redis: {owner=1}"), breachesOfOne(NOBODY, Map.of("owner", 1L)));
    }

    @Test
    void aKindOfKeyThatNobodyKnowsMustGoToo() {
        assertEquals(List.of("round 4, Redis: {novelty=1}"), breachesOfOne(NOBODY, Map.of("novelty", 1L)));
    }

    @Test
    void whereNodesAreToBeFoundMayBeLeftForTenSecondsAlone() {
        assertEquals(List.of("round 4, Redis: {followed=1}"), breachesOfOne(NOBODY, Map.of("followed", 1L)));
        List<Round> rounds = List.of(round(1, new Footprint(79, 11_500, 0, 0), NOBODY, Map.of("followed", 1L)));
        assertTrue(ReturnToBase.judge(rounds, false).stream().allMatch(Verdict::isKept));
    }
}
