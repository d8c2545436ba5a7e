package megacomet.loadtest;

import java.time.Duration;
import java.util.List;
import megacomet.loadtest.profile.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code megacomet loadtest hold}. */
@Command(
        name = "hold",
        description = "N browsers wait, and nothing is published: what does a browser that waits cost?",
        mixinStandardHelpOptions = true)
final class HoldCommand extends ScenarioCommand {

    @Mixin
    private BrowserOptions browsers;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long they wait once all do. Default: ${DEFAULT-VALUE}.")
    private Duration duration;

    @Override
    Profile profile() {
        return new Profile(scenario(), List.of(browsers.toGroup(0, 0, null, 0)), duration.toMillis(), 0, 0);
    }
}
