package megacomet.loadtest;

import java.util.List;
import megacomet.loadtest.profile.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code megacomet loadtest loop}. */
@Command(
        name = "loop",
        description =
                "Each browser is sent its next message when it has the one before and waits again: how many a second"
                        + " of the servers' CPU? Latencies of such a closed loop say little.",
        mixinStandardHelpOptions = true)
final class LoopCommand extends ScenarioCommand {

    @Mixin
    private BrowserOptions browsers;

    @Mixin
    private MessageOptions messages;

    @Override
    Profile profile() {
        return new Profile(scenario(), List.of(browsers.toLoops(messages.bytes)), messages.duration.toMillis(), 0, 0);
    }
}
