package megacomet.loadtest;

import java.time.Duration;
import java.util.List;
import megacomet.loadtest.profile.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code megacomet loadtest deliver}. */
@Command(
        name = "deliver",
        description = "Messages to single browsers that wait, at a constant rate: how long from plan to browser?",
        mixinStandardHelpOptions = true)
final class DeliverCommand extends ScenarioCommand {

    @Mixin
    private BrowserOptions browsers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "Messages a second, each to one browser by chance. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            defaultValue = "200",
            description = "Size of a message's data. Default: ${DEFAULT-VALUE}.")
    private int bytes;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long it is published. Default: ${DEFAULT-VALUE}.")
    private Duration duration;

    @Override
    Profile profile() {
        return new Profile(scenario(), List.of(browsers.toGroup(rate, bytes, null, 0)), duration.toMillis(), 0, 0);
    }
}
