package megacomet.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import megacomet.loadtest.chaos.judge.Bounds;
import megacomet.loadtest.siege.Limits;
import megacomet.loadtest.siege.Siege;
import megacomet.loadtest.siege.SiegeOptions;
import megacomet.loadtest.siege.SiegeOutcome;
import megacomet.loadtest.siege.SiegeReport;
import megacomet.loadtest.siege.attacks.Attacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A minute of attacks, one after the other, while 500 honest browsers wait. {@code make test-long} has all of them, some of which need
 * longer to be judged ({@code -Dmegacomet.siege.attacks=all}).
 */
@Isolated("it loads the machine")
class SiegeIT {

    private static final String ATTACKS = System.getProperty(
            "megacomet.siege.attacks",
            "framing,critical-header,cookie-binding,session-prefix,bad-tokens,long-lists,repeated-subscribe,"
                    + "refused-subscribe,bodies-under-way,inflating-frames,unread-answers,unread-refusals,"
                    + "silent-management,silent-publisher,topic-flood,id-flood,wide-recovery");

    private static final long SECONDS = Long.getLong("megacomet.siege.seconds", 35);
    private static final int BROWSERS = 500;
    private static final double RATE = 50;

    /** Four times what is promised: this machine has other work as well. */
    private static final int SLACK = 4;

    private static final Bounds BOUNDS = new Bounds(20_000, 4_000);

    @Test
    void honestBrowsersAreServedWhateverAttackersDo() throws Exception {
        SiegeOptions options = new SiegeOptions(
                5, Attacks.named(ATTACKS), SECONDS * 1_000, BROWSERS, RATE, Limits.PROMISED.withTimes(SLACK), BOUNDS);
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        try (Siege siege = new Siege(options, told::add)) {
            SiegeOutcome outcome = siege.run();
            StringWriter report = new StringWriter();
            SiegeReport.print(outcome, new PrintWriter(report));
            assertTrue(outcome.isGood(), report::toString);
            assertEquals(options.attacks().size(), outcome.rows().size());
            assertTrue(outcome.acked() > RATE * SECONDS / 2, report::toString);
        }
    }
}
