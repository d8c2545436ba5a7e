package megacomet.gateway.publish;

import java.nio.charset.StandardCharsets;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.redis.Publisher.Publication;

/**
 * What a message of a browser costs Redis, in bytes of its memory and how long they are taken. The constants are upper bounds of
 * what Redis 7.0 takes on a 64-bit machine, measured; {@code BrowserQuotasIT} compares.
 * A partition's index of messages is not counted: it has at most 1,000 entries, whoever published.
 *
 * @param dataBytes of the message itself, which also travel to each node that follows
 * @param messageBytes taken for {@code lifeMs}
 * @param lifeMs the message's life
 * @param idBytes taken for {@link #ID_LIFE_MS}
 * @param topicBytes taken for {@link #topicLifeMs} if the topic begins with the message
 */
record Cost(int dataBytes, long messageBytes, long lifeMs, long idBytes, long topicBytes) {

    /** How long an id is remembered. */
    static final long ID_LIFE_MS = 300_000;

    /** A topic's state outlives the last of its messages by a day, and is set ten minutes ahead (stream.lua). */
    private static final long TOPIC_OUTLIVES_MS = 86_400_000 + 600_000;

    /** Beside the data: the envelope's head, and its share of a list. */
    private static final int MESSAGE_BYTES = 100;

    /** Two entries of tables, a value, and the key's beginning; the topic's name beside. */
    private static final int ID_BYTES = 300;

    /** A state and a log, an entry of names; and the topic's name in each. */
    private static final int TOPIC_BYTES = 700;

    private static final int NAMES_A_TOPIC = 3;

    static Cost of(Topic topic, TopicMode mode, Publication publication) {
        int name = topic.value().getBytes(StandardCharsets.UTF_8).length;
        int data = publication.data().length;
        int key = publication.key() == null ? 0 : 2 * publication.key().getBytes(StandardCharsets.UTF_8).length;
        return new Cost(
                data,
                mode == TopicMode.RELAY ? 0 : MESSAGE_BYTES + data + key,
                publication.lifeMs(),
                publication.id() == null ? 0 : ID_BYTES + name,
                TOPIC_BYTES + NAMES_A_TOPIC * name);
    }

    /** How long the topic's state is kept. */
    long topicLifeMs() {
        return lifeMs + TOPIC_OUTLIVES_MS;
    }
}
