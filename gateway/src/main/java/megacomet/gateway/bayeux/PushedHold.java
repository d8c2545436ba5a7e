package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.hold.Outlet;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.model.Transport;
import megacomet.redis.Sessions.Connected;

/**
 * A session that is pushed messages beside its connects. How far it was told is noted a little later, with the others of
 * the loop; so whoever goes on with it after a node was lost may see the last few messages again.
 */
final class PushedHold implements Outlet {

    final ClientId client;
    private final WaitingRoom room;
    private final Positions positions;
    private final Sink sink;
    private final long n;
    private Hold hold;
    private String cursor;
    private int subjectHash;

    /** The way to the client. */
    interface Sink {
        /** Writes messages of topics and mailboxes, and others that are written already. */
        void push(List<Message> messages, List<ObjectNode> others);

        /** Nothing is pushed any more. */
        void over(EndReason why, long retryAfterMs);

        boolean isWritable();

        void heartbeat();
    }

    PushedHold(WaitingRoom room, Positions positions, Sink sink, ClientId client, long n) {
        this.room = room;
        this.positions = positions;
        this.sink = sink;
        this.client = client;
        this.n = n;
    }

    /** Pushes from now on. */
    void seat(Transport transport, Visitor visitor, Connected session) {
        subjectHash = visitor.subjectHash();
        hold = new Hold(this, transport, 0, session.cursor() != null, visitor.lifeMs());
        room.seat(client, Connects.pageOf(client, n), hold, session.cursor());
    }

    /** The client has taken in what was written. */
    void isWritableAgain() {
        room.writable(hold);
    }

    /** The client has gone, or this is not the way to it any more. */
    void leave() {
        room.leave(hold);
        positions.note(this);
    }

    /** Which connect of the session this began with. */
    long n() {
        return n;
    }

    /** Returns how far the client was told since this was asked last, or null if that is as far as it was. */
    String takeCursor() {
        String told = cursor;
        cursor = null;
        return told;
    }

    /** It could not be noted. */
    void giveBack(String told) {
        cursor = cursor == null ? told : cursor;
    }

    @Override
    public void answer(Answer answer) {
        List<ObjectNode> gaps = Gaps.tell(answer).map(List::of).orElse(List.of());
        if (!answer.messages().isEmpty() || !gaps.isEmpty()) {
            sink.push(ByTime.sorted(withoutNotices(answer.messages())), gaps);
            cursor = answer.cursor() == null ? cursor : answer.cursor();
            positions.isDue(this);
        }
        if (answer.ended() != null) {
            positions.note(this);
            sink.over(answer.ended(), answer.advice().intervalMs());
        }
    }

    /** Those are for a session that polls. */
    private static List<Message> withoutNotices(List<Message> messages) {
        return messages.stream().anyMatch(Tabs::isNotice)
                ? messages.stream().filter(message -> !Tabs.isNotice(message)).toList()
                : messages;
    }

    @Override
    public void refuse(EndReason why, long retryAfterMs) {
        sink.over(why, retryAfterMs);
    }

    @Override
    public int subjectHash() {
        return subjectHash;
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public boolean isWritable() {
        return sink.isWritable();
    }

    @Override
    public void heartbeat() {
        sink.heartbeat();
    }
}
