package megacomet.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import megacomet.loadtest.chaos.ChaosOptions;
import megacomet.loadtest.chaos.judge.Bounds;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.world.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker can fail: products with a known fault are started, and it finds which promise each of them breaks. */
class SabotageIT {

    private static final Bounds BOUNDS = new Bounds(5_000, 1_000);
    private static final String LOST_WAKE = "a wake is now and then not sent, and the loss never noticed";
    private static final String TRIMMING = "reading takes away";
    private static final String LATE = "lives end ten seconds late";
    private static final ChaosRuns RUNS = new ChaosRuns();

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        // Neither is the wake sent nor the counter raised, by which the node would notice.
        run(LOST_WAKE, 0, "publish.lua", "  if owner then", "  if owner and number % 3 ~= 0 then");
        run(TRIMMING, 40, "claim.lua", "if former and (former.node ~= node or former.loop ~= loop) then", """
                if state then
                  redis.call('DEL', list)
                  state.confirmed, state.count, state.bytes = state.last, 0, 0
                  saveState(stateKey, state)
                end
                if former and (former.node ~= node or former.loop ~= loop) then""");
        run(
                LATE,
                20,
                "publish.lua",
                "local expiry = nowMs + tonumber(ARGV[i])",
                "local expiry = nowMs + tonumber(ARGV[i]) + 10000");
    }

    private static void run(String name, double churn, String script, String original, String instead)
            throws IOException {
        Path first = SabotagedScripts.in(folder.resolve("" + name.hashCode()), script, original, instead);
        RUNS.start(
                name,
                new ChaosOptions(
                        1,
                        12_000,
                        1_000,
                        Shape.STANDALONE,
                        0,
                        List.of(),
                        2,
                        1,
                        200,
                        40,
                        0,
                        churn,
                        1_000,
                        BOUNDS,
                        first));
    }

    @AfterAll
    static void end() {
        RUNS.close();
    }

    private static Set<String> broken(String name) throws Exception {
        return RUNS.told(name).outcome().verdicts().stream()
                .filter(verdict -> !verdict.isKept())
                .map(Verdict::promise)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aLostWakeThatIsNeverReadAgainIsDeafness() throws Exception {
        Set<String> broken = broken(LOST_WAKE);
        assertTrue(broken.contains("nobody is deaf"), broken.toString());
    }

    @Test
    void readingThatTakesAwayLosesWhatAnAnswerDidNotBring() throws Exception {
        Set<String> broken = broken(TRIMMING);
        assertTrue(broken.contains("nothing is lost without a word"), broken.toString());
    }

    @Test
    void aLifeThatEndsLateIsSeen() throws Exception {
        Set<String> broken = broken(LATE);
        assertTrue(broken.contains("nothing is delivered after its life"), broken.toString());
    }
}
