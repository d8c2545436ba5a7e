package megacomet.loadtest;

import java.util.List;
import megacomet.loadtest.profile.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code megacomet loadtest fanout}. */
@Command(
        name = "fanout",
        description = "One topic that all browsers follow: when has the first, half, all of them each message?",
        mixinStandardHelpOptions = true)
final class FanoutCommand extends ScenarioCommand {

    @Mixin
    private BrowserOptions browsers;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            defaultValue = "loadtest/fanout",
            description = "The topic. Default: ${DEFAULT-VALUE}.")
    private String topic;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1",
            description = "Messages a second, each to all browsers. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Mixin
    private MessageOptions messages;

    @Override
    Profile profile() {
        return new Profile(
                scenario(),
                List.of(browsers.toGroup(0, messages.bytes, topic, rate)),
                messages.duration.toMillis(),
                0,
                0);
    }
}
