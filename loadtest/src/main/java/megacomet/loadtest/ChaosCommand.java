package megacomet.loadtest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import megacomet.loadtest.chaos.Chaos;
import megacomet.loadtest.chaos.ChaosOptions;
import megacomet.loadtest.chaos.ChaosReport;
import megacomet.loadtest.chaos.Outcome;
import megacomet.loadtest.chaos.faults.Faults;
import megacomet.loadtest.chaos.judge.Bounds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code megacomet loadtest chaos}. */
@Command(
        name = "chaos",
        description =
                "Start Redis, gateways and publishers, break them while browsers wait, and judge what is promised.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ChaosCommand implements Callable<Integer> {

    private static final int GOOD = 0;
    private static final int BREACHED = 1;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WorldOptions world;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long faults strike. Default: ${DEFAULT-VALUE}.")
    private Duration duration;

    @Option(
            names = "--faults",
            paramLabel = "NAME[,NAME…]",
            defaultValue = Faults.ALL,
            description =
                    "Which faults: all that can be had, none, or some of those that --list-faults lists. Default: ${DEFAULT-VALUE}.")
    private String faults;

    @Option(names = "--list-faults", description = "Say which faults there are, and do nothing.")
    private boolean listsFaults;

    @Option(
            names = "--redis-clock",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "By how much the clock of one Redis master is ahead, or behind; of its replica as well."
                    + " Default: ${DEFAULT-VALUE}.")
    private int redisClock;

    @Option(
            names = "--gateways",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many gateways. Default: ${DEFAULT-VALUE}.")
    private int gateways;

    @Option(
            names = "--publishers",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many publishers. Default: ${DEFAULT-VALUE}.")
    private int publishers;

    @Option(
            names = "--topic-rate",
            paramLabel = "N",
            defaultValue = "5",
            description = "Messages a second, each to a topic. Default: ${DEFAULT-VALUE}.")
    private double topicRate;

    @Option(
            names = "--churn",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many browsers a second go away for up to 9 s; half of them then leave again as soon as"
                    + " they have asked. Default: ${DEFAULT-VALUE}.")
    private double churn;

    @Option(
            names = "--calm",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description =
                    "The least time from one fault to the next; the most is twice that. Default: ${DEFAULT-VALUE}.")
    private Duration calm;

    @Option(
            names = "--linger",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = DurationConverter.class,
            description = "The gateways' --linger. Default: ${DEFAULT-VALUE}.")
    private Duration linger;

    @Option(
            names = "--transit",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description =
                    "How much after its life a message may come, for having been on its way. Default: ${DEFAULT-VALUE}.")
    private Duration transit;

    @Option(
            names = "--breaches",
            paramLabel = "FILE",
            defaultValue = "chaos-breaches.log",
            description = "Write every breach there, if there is any. Default: ${DEFAULT-VALUE}.")
    private Path breaches;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (listsFaults) {
            out.println(Faults.known().stream()
                    .map(fault -> "%-20s %s".formatted(fault.name(), fault.description()))
                    .collect(Collectors.joining(System.lineSeparator())));
            out.flush();
            return GOOD;
        }
        ChaosOptions options = options();
        out.printf("seed %d, --redis %s%n", options.seed(), world.shape().word());
        Chaos chaos = new Chaos(options, line -> {
            out.println(line);
            out.flush();
        });
        try (chaos;
                AtCtrlC ignored = AtCtrlC.run(chaos::abandon)) {
            Outcome outcome = chaos.run();
            say(outcome, out);
            return outcome.isGood() ? GOOD : BREACHED;
        }
    }

    private ChaosOptions options() {
        return new ChaosOptions(
                world.seed(),
                duration.toMillis(),
                calm.toMillis(),
                world.shape(),
                redisClock,
                Faults.named(faults, world.shape(), redisClock != 0),
                gateways,
                publishers,
                world.browsers(),
                world.rate(),
                topicRate,
                churn,
                linger.toMillis(),
                new Bounds(world.deafMs(), transit.toMillis()),
                null);
    }

    private void say(Outcome outcome, PrintWriter out) throws IOException {
        ChaosReport.print(outcome, out);
        if (world.json() != null) {
            ChaosReport.writeJson(outcome, world.json());
        }
        if (!outcome.isGood()) {
            ChaosReport.writeBreaches(outcome, breaches);
            out.println("every breach is in " + breaches);
        }
        out.flush();
    }
}
