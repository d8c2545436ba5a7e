package megacomet.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.world.Shape;
import megacomet.loadtest.soak.Round;
import megacomet.loadtest.soak.Soak;
import megacomet.loadtest.soak.SoakOptions;
import megacomet.loadtest.soak.SoakOutcome;
import org.junit.jupiter.api.Test;

/** Two short rounds of a soak; {@code make soak} has minutes, and finds what is a few bytes a connection. */
class SoakIT {

    private static final int BROWSERS = 200;
    private static final int ROUNDS = 2;

    /** Four times what is documented: other tests run beside it. */
    private static final long DEAF_MS = 20_000;

    @Test
    void gatewaysTakeNoMoreAfterTheLastRoundThanAfterTheFirst() throws Exception {
        SoakOptions options = new SoakOptions(
                1, 4_000, ROUNDS, Shape.STANDALONE, 2, BROWSERS, 100, 50, 1, 1_000, 3_000, 0, 2_500, DEAF_MS);
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        try (Soak soak = new Soak(options, told::add)) {
            SoakOutcome outcome = soak.run();
            List<String> breaches = outcome.verdicts().stream()
                    .map(Verdict::breaches)
                    .flatMap(List::stream)
                    .toList();
            assertEquals(List.of(), breaches, () -> String.join("\n", told));
            assertEquals(ROUNDS, outcome.rounds().size());
            for (Round round : outcome.rounds()) {
                assertTrue(round.connections() >= BROWSERS + round.drops() / 2, round.toString());
                assertTrue(round.drops() > 50, round.toString());
                assertTrue(round.delivered() > BROWSERS, round.toString());
            }
        }
    }
}
