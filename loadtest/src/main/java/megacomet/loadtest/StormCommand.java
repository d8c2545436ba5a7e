package megacomet.loadtest;

import java.time.Duration;
import java.util.List;
import megacomet.loadtest.profile.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code megacomet loadtest storm}. */
@Command(
        name = "storm",
        description = "All browsers are dropped and reconnect at once: when is each served again?",
        mixinStandardHelpOptions = true)
final class StormCommand extends ScenarioCommand {

    private static final int MAX_STORMS = 1_000;

    @Mixin
    private BrowserOptions browsers;

    @Option(
            names = "--storms",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often. Default: ${DEFAULT-VALUE}.")
    private int storms;

    @Option(
            names = "--pause",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "From when all are back to the next storm. Default: ${DEFAULT-VALUE}.")
    private Duration pause;

    @Override
    Profile profile() {
        if (storms < 1 || storms > MAX_STORMS) {
            throw new IllegalArgumentException("--storms must be from 1 to " + MAX_STORMS);
        }
        return new Profile(scenario(), List.of(browsers.toGroup(0, 0, null, 0)), 0, storms, pause.toMillis());
    }
}
