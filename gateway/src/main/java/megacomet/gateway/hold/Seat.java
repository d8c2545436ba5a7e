package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicPositions;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes;
import megacomet.redis.Mailboxes.Tenure;
import megacomet.redis.Wake;

/**
 * What one event loop knows of a client that it owns, or is about to. It outlives the hold: between two polls the
 * lingering seat goes on collecting wakes, so that the next poll often needs no Redis.
 *
 * <pre>
 * state      a claim or read is   a wake is         a poll
 * CLAIMING   on its way           kept for later    claims again
 * SEATED     not                  dealt with        is answered from here, or claims
 * READING    on its way           kept for later    claims again
 * </pre>
 *
 * <p>Only {@link WaitingRoom} uses it.
 */
final class Seat extends Deadlines.Entry {

    /** See the table above. */
    enum State {
        CLAIMING,
        SEATED,
        READING
    }

    private static final long UNKNOWN = -1;

    final ClientId client;
    final short partition;

    /** Its neighbours in the list of its partition's seats: see {@link Seats}. */
    Seat previousOfPartition;

    Seat nextOfPartition;

    State state = State.CLAIMING;

    /** True if something may be in Redis that this seat does not know of. */
    boolean isInDoubt;

    Hold hold;
    private long conn;
    private long n;
    Transport transport;

    /** Of the claim that made this loop the owner; 0 before the first. */
    long generation;

    /** True if a claim was not answered: Redis may know a later generation. */
    boolean isUnsure;

    /** When that was, in seconds of the room's time; the owner's record in Redis must be renewed within the hour. */
    int claimedS;

    /** Counts claims and reads, so that the answer of an outdated one is known for what it is. */
    int ticket;

    int epoch;

    /** The mailbox is known up to here: written, or in {@link #pending}. */
    long position;

    /**
     * What the client is known to have: what was last written to it, or the cursor that it brought, which may be of a former
     * master.
     */
    long written = UNKNOWN;

    int writtenEpoch;

    /** Whether Redis knows, or will soon, that the client has {@link #written}. */
    boolean isConfirmed;

    /** Collected and not yet written, oldest first; null for none. */
    List<Message> pending;

    int pendingBytes;

    /** What the client must be told that it missed of its mailbox; null for nothing. */
    Gap gap;

    /** What the client must be told that it missed of topics; null for nothing. */
    Map<String, Gap> topicGaps;

    /** What the client follows; null for nothing. */
    Followed followed;

    /** How much it has tried our patience; null for not at all. */
    Patience patience;

    /** Of the cursor that its last poll brought. */
    int broughtHash;

    /** Whether its last poll brought another cursor than the one before. */
    boolean isNewsToUs;

    /** Whether it is among those that the room looks at next. */
    boolean isWoken;

    /**
     * Counts questions for what the application has it follow, and their answers; so that an outdated answer is known for what
     * it is. Odd while one is on its way.
     */
    int grantTicket;

    /** Whether Redis was told not to count the client among followers, because its stream has ended. */
    boolean isUncounted;

    /** Why its last hold ended. */
    EndReason lastEnd = EndReason.DELIVERED;

    /** What it brought, while the claim is on its way. */
    Cursor cursor;

    /** Wakes that came while a claim or read was on its way; null for none. */
    List<Wake> early;

    Seat(ClientId client, int partition) {
        this.client = client;
        this.partition = (short) partition;
    }

    /** Asks what the application has it follow; returns the question's ticket. */
    int asksWhatIsGranted() {
        grantTicket += isAskingWhatIsGranted() ? 2 : 1;
        return grantTicket;
    }

    void wasToldWhatIsGranted() {
        grantTicket++;
    }

    boolean isAskingWhatIsGranted() {
        return (grantTicket & 1) == 1;
    }

    /** Which poll of which page came last. */
    Page page() {
        return new Page(conn, n);
    }

    void polledBy(Page page) {
        conn = page.conn();
        n = page.n();
    }

    Tenure tenure() {
        return tenureAt(position);
    }

    Tenure tenureAt(long number) {
        return tenureAt(number, TopicPositions.NONE);
    }

    Tenure tenureAt(long number, TopicPositions topics) {
        return new Tenure(client, transport, page(), generation, new Position(epoch, number), tags(), topics);
    }

    /** By what it counts among topics' followers. */
    long[] tags() {
        return followed == null || isUncounted ? Mailboxes.NO_FOLLOWS : followed.tags;
    }

    boolean followsByName(Topic topic) {
        return followed != null && followed.hasByName(topic);
    }

    boolean isWrittenKnown() {
        return written != UNKNOWN;
    }

    boolean hasWritten(Position theirs) {
        return theirs.number() == written && theirs.epoch() == writtenEpoch;
    }

    Position writtenPosition() {
        return new Position(writtenEpoch, written);
    }

    /** The client is about to get everything that is known. */
    void wrote() {
        isConfirmed &= written == position && writtenEpoch == epoch;
        written = position;
        writtenEpoch = epoch;
    }

    /** The client came with a cursor, or with null. One from the future says nothing. */
    void brought(Cursor brought) {
        boolean isKnown = brought != null
                && (brought.mailbox().epoch() != epoch || brought.mailbox().number() <= position);
        written = isKnown ? brought.mailbox().number() : UNKNOWN;
        writtenEpoch = isKnown ? brought.mailbox().epoch() : 0;
    }

    boolean hasPending() {
        return pending != null && !pending.isEmpty();
    }

    /** The next message of its mailbox. */
    void collect(Message message) {
        gather(message);
        position = message.number();
    }

    /** A message of a topic, or of its mailbox. */
    void gather(Message message) {
        if (message.topic() != null && followed.patterns != null && isGathered(message)) {
            return;
        }
        if (pending == null) {
            pending = new ArrayList<>(1);
        }
        pending.add(message);
        pendingBytes += message.bytes();
    }

    /** Whether it is pending: when a topic goes over from a pattern to its name, or back, both may bring a message. */
    private boolean isGathered(Message message) {
        for (int i = pending == null ? -1 : pending.size() - 1; i >= 0; i--) {
            Message other = pending.get(i);
            if (message.topic().equals(other.topic()) && message.number() >= other.number()) {
                return message.number() == other.number();
            }
        }
        return false;
    }

    /** Its client misses something of a topic or, if that is null, of its mailbox; or nothing, if {@code missed} is null. */
    void miss(String topic, Gap missed) {
        if (missed != null && topic == null) {
            gap = gap == null ? missed : gap.and(missed);
        } else if (missed != null) {
            if (topicGaps == null) {
                topicGaps = new LinkedHashMap<>();
            }
            topicGaps.merge(topic, missed, Gap::and);
        }
    }

    /** Whether its hold would be told something if it were answered now. */
    boolean hasToTell() {
        return hasPending() || hasGap() && hold != null && (hold.hasCursor || hold.outlet.isStream());
    }

    boolean hasGap() {
        return gap != null || topicGaps != null;
    }

    List<TopicGap> topicGaps() {
        return topicGaps == null
                ? List.of()
                : topicGaps.entrySet().stream()
                        .map(gap -> new TopicGap(gap.getKey(), gap.getValue()))
                        .toList();
    }

    void forgetGaps() {
        gap = null;
        topicGaps = null;
    }

    void forgetPending() {
        pending = null;
        pendingBytes = 0;
    }

    /** Forgets those of the pending messages that {@code which} picks. */
    void dropPending(Predicate<Message> which) {
        if (pending != null && pending.removeIf(which)) {
            pendingBytes = pending.stream().mapToInt(Message::bytes).sum();
        }
    }

    /** Messages of its mailbox will be read again. */
    void dropMailbox() {
        dropPending(message -> message.topic() == null);
    }

    int earlyWakes() {
        return early == null ? 0 : early.size();
    }

    void keepForLater(Wake wake) {
        if (early == null) {
            early = new ArrayList<>(1);
        }
        early.add(wake);
    }
}
