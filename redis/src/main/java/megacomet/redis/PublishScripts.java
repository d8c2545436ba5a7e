package megacomet.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.redis.Publisher.Author;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.link.Script;

/** Says to the scripts publish and publish_topic what is published. */
final class PublishScripts {

    private static final int FINGERPRINT_BYTES = 16;
    private static final byte[] NO_FINGERPRINT = {};
    private static final Script PUBLISH = Script.load(Store.class, "publish");
    private static final Script PUBLISH_TOPIC = Script.load(Store.class, "publish_topic");

    private final Keys keys;
    private final StoreLimits limits;

    PublishScripts(Keys keys, StoreLimits limits) {
        this.keys = keys;
        this.limits = limits;
    }

    /** What one client gets, in its order: either all of it has ids, or none. */
    record Mail(ClientId client, int partition, List<Publication> publications) {
        /** How much data that is. */
        int bytes() {
            int bytes = 0;
            for (Publication publication : publications) {
                bytes += publication.data().length;
            }
            return bytes;
        }
    }

    /** Returns a call that publishes to several clients, of which each is there once. */
    Script.Call toClients(List<Mail> all) {
        List<byte[]> of = new ArrayList<>();
        List<Object> arguments = new ArrayList<>(List.of(
                limits.mailboxMaxMessages(),
                limits.mailboxMaxBytes(),
                limits.wakeMaxBytes(),
                limits.idsMaxAPartition()));
        for (Mail mail : all) {
            ClientId client = mail.client;
            int partition = mail.partition;
            of.add(keys.state(partition, client));
            of.add(keys.mailbox(partition, client));
            of.add(keys.owner(partition, client));
            of.add(keys.counters(partition));
            of.add(keys.ids(partition));
            of.add(keys.due(partition));
            arguments.add(client);
            arguments.add(keys.channel(partition));
            arguments.add(mail.publications.size());
            for (Publication publication : mail.publications) {
                add(arguments, publication, null);
                if (publication.id() != null) {
                    of.add(keys.id(partition, client, hash(publication.id())));
                }
            }
        }
        return PUBLISH.call(of, arguments.toArray());
    }

    /** Returns a call that publishes to a topic messages that are {@linkplain Publication#isLike alike}. */
    Script.Call toTopic(Topic topic, int partition, TopicSettings settings, List<Publication> publications) {
        Author author = publications.get(0).author();
        List<byte[]> of = new ArrayList<>(List.of(
                keys.topic(partition, topic),
                keys.log(partition, topic),
                keys.latest(partition, topic),
                keys.passed(partition),
                keys.recent(partition),
                keys.followed(partition),
                keys.counters(partition),
                keys.names(partition),
                author == null ? keys.ids(partition) : keys.browserIds(partition)));
        List<TopicPattern> patterns = topic.candidates();
        List<Object> arguments = new ArrayList<>(List.of(
                topic,
                keys.channel(partition),
                settings.mode().code(),
                settings.maxMessages(),
                settings.maxBytes(),
                limits.wakeMaxBytes(),
                author == null ? limits.idsMaxAPartition() : limits.browserIdsMaxAPartition(),
                limits.recentMaxMessages(),
                author == null || author.mayBeginTopic() ? 1 : 0,
                patterns.size()));
        arguments.addAll(patterns);
        for (Publication publication : publications) {
            add(arguments, publication, publication.key());
            arguments.add(publication.key() == null ? "" : publication.key());
            if (publication.id() != null) {
                of.add(idKey(partition, topic, publication));
            }
        }
        return PUBLISH_TOPIC.call(of, arguments.toArray());
    }

    private byte[] idKey(int partition, Topic topic, Publication publication) {
        Author author = publication.author();
        return author == null
                ? keys.topicId(partition, topic, hash(publication.id()))
                // A client id has no control characters, so that no two authors' ids make one text.
                : keys.browserTopicId(partition, topic, hash(author.client() + "\n" + publication.id()));
    }

    private static void add(List<Object> arguments, Publication publication, String key) {
        arguments.add(publication.lifeMs());
        arguments.add(publication.id() == null ? NO_FINGERPRINT : fingerprint(publication, key));
        arguments.add(publication.data());
    }

    private static byte[] fingerprint(Publication publication, String key) {
        MessageDigest digest = sha256();
        digest.update(Long.toString(publication.lifeMs()).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ' ');
        if (key != null) {
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0); // which no JSON has
        }
        return Arrays.copyOf(digest.digest(publication.data()), FINGERPRINT_BYTES);
    }

    private static String hash(String id) {
        byte[] digest = sha256().digest(id.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, FINGERPRINT_BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
