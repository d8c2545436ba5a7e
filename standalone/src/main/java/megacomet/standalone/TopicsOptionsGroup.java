package megacomet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import megacomet.redis.TopicRules;
import megacomet.standalone.Converters.ReadableFile;
import picocli.CommandLine.Option;

/** The options of every command that publishes to topics: gateways do so for browsers. */
final class TopicsOptionsGroup {

    @Option(
            names = "--topics-file",
            paramLabel = "FILE",
            description = "What is kept of topics, by pattern, JSON; the same for a deployment's processes.")
    ReadableFile topicsFile;

    /** Returns what is kept of topics. */
    TopicRules toTopicRules() {
        try {
            return topicsFile == null ? TopicRules.NONE : TopicRules.read(topicsFile.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
