package megacomet.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import megacomet.loadtest.chaos.ChaosOptions;
import megacomet.loadtest.chaos.faults.Faults;
import megacomet.loadtest.chaos.judge.Bounds;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.world.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Half a minute of chaos with each shape of Redis, beside one another. Each has its own seed, which chooses faults that end
 * soon. {@code make test-long} has two minutes ({@code -Dmegacomet.chaos.seconds=120}).
 */
@Isolated("it loads the machine")
class ChaosIT {

    private static final long SECONDS = Long.getLong("megacomet.chaos.seconds", 30);
    private static final long SEED = Long.getLong("megacomet.chaos.seed", 5);

    private static final int A_MINUTE = 60;

    /** Four times what is documented: this machine has other work as well. */
    private static final Bounds BOUNDS = new Bounds(20_000, 4_000);

    private static final List<Shape> SHAPES = Stream.of(
                    System.getProperty("megacomet.chaos.shapes", "standalone,sentinel,cluster")
                            .split(","))
            .map(word -> Shape.valueOf(word.toUpperCase(Locale.ROOT)))
            .toList();

    private static final ChaosRuns RUNS = new ChaosRuns();

    @BeforeAll
    static void start() {
        for (Shape shape : SHAPES) {
            // Then all other clocks of that run are wrong, which is the same.
            int redisClock = shape == Shape.STANDALONE ? A_MINUTE : 0;
            RUNS.start(
                    shape.word(),
                    new ChaosOptions(
                            SEED,
                            SECONDS * 1_000,
                            1_500,
                            shape,
                            redisClock,
                            Faults.named(Faults.ALL, shape, redisClock != 0),
                            2,
                            1,
                            300,
                            15,
                            2,
                            3,
                            3_000,
                            BOUNDS,
                            null));
        }
    }

    @AfterAll
    static void end() {
        RUNS.close();
    }

    static List<Shape> shapes() {
        return SHAPES;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void allThatIsPromisedIsKept(Shape shape) throws Exception {
        ChaosRuns.Told told = RUNS.told(shape.word());
        List<String> breaches = told.outcome().verdicts().stream()
                .filter(verdict -> !verdict.isKept())
                .flatMap(verdict -> Stream.concat(
                        Stream.of(verdict.promise()),
                        verdict.breaches().stream().limit(10)))
                .toList();
        assertEquals(
                List.of(), breaches, () -> "seed " + SEED + "\n" + String.join("\n", told.timeline()) + figures(told));
        assertTrue(told.outcome().faults().size() > 1, () -> told.timeline().toString());
        assertTrue(told.outcome().acked() > 300, () -> told.outcome().refusals().toString());
    }

    private static String figures(ChaosRuns.Told told) {
        StringBuilder figures = new StringBuilder();
        for (Verdict verdict : told.outcome().verdicts()) {
            figures.append('\n').append(verdict.promise()).append(": ").append(verdict.figures());
        }
        return figures.toString();
    }
}
