package megacomet.loadtest;

import java.time.Duration;
import picocli.CommandLine.Option;

/** What is published and for how long, in scenarios that have one kind of messages. */
final class MessageOptions {

    @Option(
            names = "--bytes",
            paramLabel = "N",
            defaultValue = "200",
            description = "Size of a message's data. Default: ${DEFAULT-VALUE}.")
    int bytes;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long it is published. Default: ${DEFAULT-VALUE}.")
    Duration duration;
}
