package megacomet.loadtest;

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

    @Mixin
    private MessageOptions messages;

    @Override
    Profile profile() {
        return new Profile(
                scenario(),
                List.of(browsers.toGroup(rate, messages.bytes, null, 0)),
                messages.duration.toMillis(),
                0,
                0);
    }
}
