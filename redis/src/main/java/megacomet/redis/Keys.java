package megacomet.redis;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import megacomet.model.ClientId;
import megacomet.model.Topic;

/**
 * Every key and channel of a deployment, in one place. With the prefix {@code mc} and a client {@code 42} in the
 * partition with tag {@code 3f}:
 *
 * <pre>
 * mc:{3f}:state:42       the mailbox's state      (stream.lua)
 * mc:{3f}:mailbox:42     the mailbox's envelopes  (stream.lua)
 * mc:{3f}:owner:42       who holds the client     (owner.lua)
 * mc:{3f}:following:42   what the application has the client follow (following.lua)
 * mc:{3f}:session:…      a Bayeux session          (session.lua)
 * mc:{3f}:sessions       all of the partition, by when they expire
 * mc:{3f}:browser:…      which sessions of a browser hold a connect (browser_take.lua)
 * mc:{3f}:topic:news     a topic's state          (stream.lua)
 * mc:{3f}:log:news       its envelopes            (stream.lua)
 * mc:{3f}:latest:news    the latest of each of its keys
 * mc:{3f}:passed         the state of the numbering that runs through all topics (topics.lua)
 * mc:{3f}:recent         the index in that numbering
 * mc:{3f}:followed       which loops of which nodes follow what
 * mc:{3f}:follows        how many clients follow what (counts.lua)
 * mc:{3f}:names          the topics, by when their state goes
 * mc:{3f}:answer:…       what nodes answered to a question (Question.java)
 * mc:{3f}:id:…42         what was published under an id; the dots are 22 characters of its hash
 * mc:{3f}:topic-id:…news the same of a topic
 * mc:{3f}:browser-id:…news what a browser published under an id; the hash is of its client, too
 * mc:{3f}:ids            how many ids of applications there are
 * mc:{3f}:browser-ids    how many of browsers
 * mc:{3f}:counters       how many wakes each node was sent
 * mc:{3f}:due            when mailboxes should be looked into (due.lua)
 * mc:{3f}:wake:node      a node's channel
 * mc:nodes               the nodes and their leases
 * mc:events              what happened           (tell.lua)
 * mc:revocations         whose tokens were revoked (revoke.lua)
 * mc:sweeper             who looks after all     (post.lua)
 * mc:webhook             who tells the webhook   (post.lua)
 * mc:deployment          the format version and the number of partitions
 * </pre>
 */
public final class Keys {

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.:-]{1,32}");

    private final String prefix;
    private final Partitions partitions;
    private final String[] heads;

    /** @throws IllegalArgumentException if {@code prefix} could not begin a key */
    public Keys(String prefix, Partitions partitions) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("a key prefix is 1 to 32 of A-Z a-z 0-9 _ . : -");
        }
        this.prefix = prefix;
        this.partitions = partitions;
        this.heads = new String[partitions.count()];
        for (int p = 0; p < heads.length; p++) {
            heads[p] = prefix + ":{" + partitions.tag(p) + "}:";
        }
    }

    public Partitions partitions() {
        return partitions;
    }

    byte[] state(int partition, ClientId client) {
        return bytes(heads[partition] + "state:" + client);
    }

    byte[] mailbox(int partition, ClientId client) {
        return bytes(heads[partition] + "mailbox:" + client);
    }

    byte[] owner(int partition, ClientId client) {
        return bytes(heads[partition] + "owner:" + client);
    }

    byte[] id(int partition, ClientId client, String idHash) {
        return bytes(heads[partition] + "id:" + idHash + client);
    }

    byte[] following(int partition, ClientId client) {
        return bytes(heads[partition] + "following:" + client);
    }

    byte[] session(int partition, ClientId client) {
        return bytes(heads[partition] + "session:" + client);
    }

    byte[] sessions(int partition) {
        return bytes(heads[partition] + "sessions");
    }

    byte[] browser(int partition, String browser) {
        return bytes(heads[partition] + "browser:" + browser);
    }

    byte[] topic(int partition, Topic topic) {
        return bytes(heads[partition] + "topic:" + topic);
    }

    byte[] log(int partition, Topic topic) {
        return bytes(heads[partition] + "log:" + topic);
    }

    byte[] latest(int partition, Topic topic) {
        return bytes(heads[partition] + "latest:" + topic);
    }

    byte[] topicId(int partition, Topic topic, String idHash) {
        return bytes(heads[partition] + "topic-id:" + idHash + topic);
    }

    byte[] browserTopicId(int partition, Topic topic, String idHash) {
        return bytes(heads[partition] + "browser-id:" + idHash + topic);
    }

    byte[] passed(int partition) {
        return bytes(heads[partition] + "passed");
    }

    byte[] recent(int partition) {
        return bytes(heads[partition] + "recent");
    }

    byte[] followed(int partition) {
        return bytes(heads[partition] + "followed");
    }

    byte[] follows(int partition) {
        return bytes(heads[partition] + "follows");
    }

    byte[] names(int partition) {
        return bytes(heads[partition] + "names");
    }

    byte[] answer(int partition, String random) {
        return bytes(heads[partition] + "answer:" + random);
    }

    byte[] ids(int partition) {
        return bytes(heads[partition] + "ids");
    }

    byte[] browserIds(int partition) {
        return bytes(heads[partition] + "browser-ids");
    }

    byte[] counters(int partition) {
        return bytes(heads[partition] + "counters");
    }

    byte[] due(int partition) {
        return bytes(heads[partition] + "due");
    }

    /** Returns a pattern for SCAN that only owners' records match. */
    String owners() {
        return prefix + ":{*}:owner:*";
    }

    /** The beginning of every node's channel in a partition; the node's name completes it. */
    String channel(int partition) {
        return heads[partition] + "wake:";
    }

    byte[] nodes() {
        return bytes(prefix + ":nodes");
    }

    int nodesSlot() {
        return Partitions.slotOf(prefix + ":nodes");
    }

    byte[] events() {
        return bytes(prefix + ":events");
    }

    int eventsSlot() {
        return Partitions.slotOf(prefix + ":events");
    }

    byte[] revocations() {
        return bytes(prefix + ":revocations");
    }

    int revocationsSlot() {
        return Partitions.slotOf(prefix + ":revocations");
    }

    byte[] post(String name) {
        return bytes(prefix + ":" + name);
    }

    int postSlot(String name) {
        return Partitions.slotOf(prefix + ":" + name);
    }

    byte[] deployment() {
        return bytes(prefix + ":deployment");
    }

    int deploymentSlot() {
        return Partitions.slotOf(prefix + ":deployment");
    }

    /** Returns a pattern for SCAN that only this deployment's keys match. */
    String all() {
        return prefix + ":*";
    }

    /** What a key is about: its partition, its kind, and the client where it has one. */
    record Parsed(int partition, String kind, String name) {}

    /** Reads a key back, or returns null if it is none of the partitions'. */
    Parsed parse(String key) {
        int open = prefix.length() + 1;
        int close = key.indexOf("}:");
        if (!key.startsWith(prefix + ":{") || close < 0) {
            return null;
        }
        int partition = partitions.withTag(key.substring(open + 1, close));
        String rest = key.substring(close + 2);
        int colon = rest.indexOf(':');
        return colon < 0
                ? new Parsed(partition, rest, "")
                : new Parsed(partition, rest.substring(0, colon), rest.substring(colon + 1));
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
