package megacomet.loadtest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import megacomet.loadtest.chaos.judge.Bounds;
import megacomet.loadtest.siege.Limits;
import megacomet.loadtest.siege.Siege;
import megacomet.loadtest.siege.SiegeOptions;
import megacomet.loadtest.siege.SiegeOutcome;
import megacomet.loadtest.siege.SiegeReport;
import megacomet.loadtest.siege.attacks.Attacks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code megacomet loadtest siege}. */
@Command(
        name = "siege",
        description =
                "Start Redis, a gateway and a publisher with little memory, attack them while honest browsers wait,"
                        + " and judge what those notice, what servers take and what attackers get.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SiegeCommand implements Callable<Integer> {

    private static final int STOOD = 0;
    private static final int FELL = 1;
    private static final long TRANSIT_MS = 1_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--attack",
            paramLabel = "NAME[,NAME…]",
            defaultValue = Attacks.ALL,
            description = "Which attacks: all, or some of those that --list lists. Default: ${DEFAULT-VALUE}.")
    private String attacks;

    @Option(names = "--list", description = "Say which attacks there are, and do nothing.")
    private boolean isListed;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "3m",
            converter = DurationConverter.class,
            description = "How long attacks last, all together; one that takes longer than its part to be judged has"
                    + " that time. Default: ${DEFAULT-VALUE}.")
    private Duration duration;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides on all that is left to chance. Default: another each time; it is printed.")
    private Long seed;

    @Option(
            names = {"-n", "--browsers"},
            paramLabel = "N",
            defaultValue = "500",
            description = "How many honest browsers, on all transports. Default: ${DEFAULT-VALUE}.")
    private int browsers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "50",
            description = "Messages a second for them. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--slack",
            paramLabel = "N",
            defaultValue = "1",
            description = "All times may be so many times as long as is promised, for a machine that has other work."
                    + " Default: ${DEFAULT-VALUE}.")
    private int slack;

    @Option(
            names = "--deaf-bound",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long an honest browser may be without a message. Default: ${DEFAULT-VALUE}.")
    private Duration deafBound;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the outcome there.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (isListed) {
            out.println(Attacks.known().stream()
                    .map(attack -> "%-20s %s".formatted(attack.name(), attack.description()))
                    .collect(Collectors.joining(System.lineSeparator())));
            out.flush();
            return STOOD;
        }
        SiegeOptions options = options();
        out.printf("seed %d%n", options.seed());
        out.flush();
        Siege siege = new Siege(options, line -> {
            out.println(line);
            out.flush();
        });
        try (siege;
                AtCtrlC ignored = AtCtrlC.run(siege::abandon)) {
            SiegeOutcome outcome = siege.run();
            say(outcome, out);
            return outcome.isGood() ? STOOD : FELL;
        }
    }

    private SiegeOptions options() {
        return new SiegeOptions(
                seed == null ? System.nanoTime() % 1_000_000 : seed,
                Attacks.named(attacks),
                duration.toMillis(),
                browsers,
                rate,
                Limits.PROMISED.withTimes(slack),
                new Bounds(slack * deafBound.toMillis(), slack * TRANSIT_MS));
    }

    private void say(SiegeOutcome outcome, PrintWriter out) throws IOException {
        SiegeReport.print(outcome, out);
        if (json != null) {
            SiegeReport.writeJson(outcome, json);
        }
    }
}
