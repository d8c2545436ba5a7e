package megacomet.loadtest;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import megacomet.loadtest.soak.Soak;
import megacomet.loadtest.soak.SoakOptions;
import megacomet.loadtest.soak.SoakOutcome;
import megacomet.loadtest.soak.SoakReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code megacomet loadtest soak}. */
@Command(
        name = "soak",
        description = "Start Redis, gateways and a publisher, let browsers come and go in rounds, and see that gateways"
                + " take no more after the last than after the first.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SoakCommand implements Callable<Integer> {

    private static final int GOOD = 0;
    private static final int BAD = 1;

    /** No longer than all else takes to go, and longer than a busy machine stands still. */
    private static final long SESSION_MS = 10_000;

    /** Nodes take ten seconds, and look every ten. */
    private static final long REST_MS = 40_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WorldOptions world;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = DurationConverter.class,
            description = "How long browsers come and go, all rounds together. Default: ${DEFAULT-VALUE}.")
    private Duration duration;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "6",
            description =
                    "How many; the first warms up, and is what the others are measured by. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--gateways",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many gateways. Default: ${DEFAULT-VALUE}.")
    private int gateways;

    @Option(
            names = "--churn",
            paramLabel = "N",
            defaultValue = "300",
            description = "How many browsers a second drop their connection, to come back within a second; half of them"
                    + " then drop it again as soon as they have asked. Default: ${DEFAULT-VALUE}.")
    private double churn;

    @Option(
            names = "--topic-rate",
            paramLabel = "N",
            defaultValue = "2",
            description = "Messages a second, each to a topic. Default: ${DEFAULT-VALUE}.")
    private double topicRate;

    @Option(
            names = "--linger",
            paramLabel = "TIME",
            defaultValue = "3s",
            converter = DurationConverter.class,
            description = "The gateways' --linger; and how long a Bayeux connect is held. Default: ${DEFAULT-VALUE}.")
    private Duration linger;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "The most that a message lives. Default: ${DEFAULT-VALUE}.")
    private Duration ttl;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        SoakOptions options = options();
        out.printf("seed %d, --redis %s%n", options.seed(), world.shape().word());
        out.flush();
        Soak soak = new Soak(options, line -> {
            out.println(line);
            out.flush();
        });
        try (soak;
                AtCtrlC ignored = AtCtrlC.run(soak::abandon)) {
            SoakOutcome outcome = soak.run();
            say(outcome, out);
            return outcome.isGood() ? GOOD : BAD;
        }
    }

    private SoakOptions options() {
        return new SoakOptions(
                world.seed(),
                duration.toMillis(),
                rounds,
                world.shape(),
                gateways,
                world.browsers(),
                churn,
                world.rate(),
                topicRate,
                linger.toMillis(),
                SESSION_MS,
                REST_MS,
                ttl.toMillis(),
                world.deafMs());
    }

    private void say(SoakOutcome outcome, PrintWriter out) throws IOException {
        SoakReport.print(outcome, out);
        if (world.json() != null) {
            SoakReport.writeJson(outcome, world.json());
        }
    }
}
