package megacomet.loadtest.chaos.history;

import java.util.List;

/**
 * A browser.
 *
 * @param client its id
 * @param dialect how it waits
 * @param hasMailbox whether messages to its id come to it
 * @param follows the topics and patterns that it follows
 */
public record Reader(String client, String dialect, boolean hasMailbox, List<String> follows) {

    public boolean reads(Stream stream) {
        return stream.isTopic()
                ? follows.stream().anyMatch(name -> Stream.topic(name).covers(stream))
                : hasMailbox && stream.name().equals(client);
    }
}
