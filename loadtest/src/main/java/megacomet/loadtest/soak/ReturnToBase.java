package megacomet.loadtest.soak;

import java.util.ArrayList;
import java.util.List;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.rest.Footprint;

/**
 * Judges rounds by their figures: after each, nobody may be left, and a gateway may take no more than after the first, in which
 * classes were loaded, code was compiled and pools filled. What a browser leaves behind, be it a file or a few bytes, adds up
 * over tens of thousands of them and shows.
 */
public final class ReturnToBase {

    /** A connection to Redis more, or a jar that was opened late. */
    static final int MORE_FILES = 4;

    /** Of pools that fill as more was under way at once than before. */
    static final long MORE_HEAP_KB = 512;

    static final long MORE_HEAP_PERCENT = 3;

    /** Each event loop remembers so many names of topics, so that those who follow the same share one. */
    static final long NAMES = 4_000;

    static final long NAME_BYTES = 160;

    /** Of the allocator's chunks, which it takes when several loops are busy at once. */
    static final long MORE_DIRECT_KB = 4_096;

    private static final long BYTES_A_KB = 1_024;

    private ReturnToBase() {}

    /** @param isRested whether nodes had time to take back by what they are found whom nobody asks for any more */
    public static List<Verdict> judge(List<Round> rounds, boolean isRested) {
        return List.of(nobodyIsLeft(rounds, isRested), nothingIsKept(rounds));
    }

    private static Verdict nobodyIsLeft(List<Round> rounds, boolean isRested) {
        List<String> breaches = new ArrayList<>();
        for (Round round : rounds) {
            for (Round.Gateway gateway : round.gateways()) {
                if (!gateway.occupancy().isNobody()) {
                    breaches.add("round %d, %s: %s".formatted(round.number(), gateway.name(), gateway.occupancy()));
                }
            }
            if (round.keys().passing() > 0 || isRested && round.keys().indexes() > 0) {
                breaches.add("round %d, Redis: %s"
                        .formatted(round.number(), round.keys().byKind()));
            }
        }
        return Verdict.of("nobody is left", "connections, seats, holds and their keys in Redis, all 0", breaches);
    }

    private static Verdict nothingIsKept(List<Round> rounds) {
        List<String> breaches = new ArrayList<>();
        Round first = rounds.get(0);
        for (int i = 0; i < first.gateways().size(); i++) {
            Footprint base = first.gateways().get(i).footprint();
            long names = -first.topics();
            for (Round round : rounds) {
                names += round.topics();
                Footprint now = round.gateways().get(i).footprint();
                if (!isBack(base, now, names)) {
                    breaches.add("round %d, %s: %s, and in round 1 %s"
                            .formatted(round.number(), first.gateways().get(i).name(), now, base));
                }
            }
        }
        return Verdict.of(
                "gateways are back to base",
                ("allowed are, more than after round 1, %d files, %,d KB + %d %% of heap and %d bytes for each core and new topic,"
                                + " %,d KB direct")
                        .formatted(MORE_FILES, MORE_HEAP_KB, MORE_HEAP_PERCENT, NAME_BYTES, MORE_DIRECT_KB),
                breaches);
    }

    private static boolean isBack(Footprint base, Footprint now, long names) {
        long namesKb =
                Math.min(names, NAMES) * NAME_BYTES * Runtime.getRuntime().availableProcessors() / BYTES_A_KB;
        long moreHeapKb = MORE_HEAP_KB + base.heapKb() * MORE_HEAP_PERCENT / 100 + namesKb;
        return now.files() <= base.files() + MORE_FILES
                && now.heapKb() <= base.heapKb() + moreHeapKb
                && now.directKb() <= base.directKb() + MORE_DIRECT_KB;
    }
}
