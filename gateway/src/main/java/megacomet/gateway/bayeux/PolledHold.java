package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.hold.Outlet;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.redis.Sessions;
import megacomet.redis.Sessions.Connected;

/**
 * A connect that is held until there are messages, which come with its reply. How far the client will be is noted before it
 * is written; then the next connect tells whether it arrived.
 */
final class PolledHold implements Outlet {

    /** A cursor says when it was made, and what became of a stream that is gone is known for a day after that. */
    private static final long CURSOR_MAX_AGE_MS = 3_600_000;

    final Exchange exchange;
    final ClientId client;
    private final Connects connects;
    private final BayeuxMessage message;
    private final long receivedMs;
    private final long n;
    private final boolean isAcking;
    private final boolean hasCursor;
    private final boolean isSetBack;
    /** Of where the client was. It is a hash alone, because cursors are large; what was sent is noted whatever it says. */
    private final int placeHash;

    private final long cursorMadeMs;
    /** The browser of which it has a place, or null. */
    private String place;

    private ObjectNode advice;
    private Consumer<String> afterwards;
    private Hold hold;
    private int subjectHash;

    PolledHold(
            Connects connects,
            Exchange exchange,
            BayeuxMessage message,
            ClientId client,
            Connected session,
            long receivedMs) {
        this.connects = connects;
        this.exchange = exchange;
        this.message = message.forReply();
        this.client = client;
        this.n = session.n();
        this.isAcking = session.isAcking();
        this.hasCursor = session.cursor() != null;
        this.isSetBack = session.isSetBack();
        this.placeHash = hasCursor ? placeHash(session.cursor()) : 0;
        this.cursorMadeMs = hasCursor ? session.cursor().issuedAtMs() : 0;
        this.receivedMs = receivedMs;
    }

    private static int placeHash(Cursor cursor) {
        return Objects.hash(cursor.mailbox(), cursor.topics());
    }

    /** Which connect of its session it is. */
    Page page() {
        return Connects.pageOf(client, n);
    }

    /** It has one of the places of its browser, until it is over. */
    void has(String placeOfBrowser) {
        place = placeOfBrowser;
    }

    /** It is answered with this advice, unless it ends otherwise. */
    void advise(ObjectNode otherAdvice) {
        advice = otherAdvice;
    }

    /** When it was answered without messages, this is next; it is given the cursor, or null. */
    void afterwards(Consumer<String> then) {
        afterwards = then;
    }

    /** Waits from now on, if the peer is still there, but not longer than the session's credentials are good. */
    void seat(WaitingRoom room, Visitor visitor, Cursor cursor, long timeoutMs) {
        if (exchange.peer.isGone()) {
            over();
            return;
        }
        subjectHash = visitor.subjectHash();
        hold = new Hold(this, exchange.peer.transport(), (int) timeoutMs, cursor != null, visitor.lifeMs());
        exchange.peer.holds(this);
        if (exchange.isOfOne()) {
            exchange.isHeld();
        }
        room.seat(client, page(), hold, cursor);
    }

    /** The client has gone. */
    void leave() {
        connects.room.leave(hold);
        over();
    }

    private void over() {
        exchange.peer.frees(this);
        if (place != null) {
            connects.sessions.leave(place, client);
            place = null;
        }
    }

    @Override
    public int subjectHash() {
        return subjectHash;
    }

    @Override
    public boolean isStream() {
        return false;
    }

    @Override
    public boolean isToldWhy() {
        return true;
    }

    @Override
    public void answer(Answer answer) {
        over();
        EndReason ended = answer.ended();
        if (ended == EndReason.OVERTAKEN || ended == EndReason.SUPERSEDED) {
            exchange.overtaken();
        } else if (ended == EndReason.DELETED) {
            reply(List.of(), connects.advices.none(), 0, answer);
        } else if (ended == EndReason.TOKEN_EXPIRED) {
            fail(Errors.UNKNOWN_CLIENT, connects.advices.handshake());
        } else if (ended != null) {
            if (ended == EndReason.DRAINING) {
                exchange.peer.dismiss();
            }
            reply(List.of(), connects.advices.retry(answer.advice().intervalMs()), 0, answer);
        } else if (isToBeNoted(answer)) {
            note(isSetBack ? connects.room.withFailover(client, answer) : answer);
        } else {
            reply(answer.messages(), adviceFor(answer), 0, answer);
        }
    }

    private ObjectNode adviceFor(Answer answer) {
        if (advice != null) {
            return advice;
        }
        return connects.advices.retry(
                Math.max(connects.options.intervalMs(), answer.advice().intervalMs()));
    }

    /** Most connects end without messages, and say nothing that Redis does not know. */
    private boolean isToBeNoted(Answer answer) {
        if (answer.cursor() == null) {
            return false;
        }
        if (isAcking || !answer.messages().isEmpty() || !hasCursor) {
            return true;
        }
        Cursor after = Cursor.parse(answer.cursor());
        return placeHash(after) != placeHash || after.issuedAtMs() - cursorMadeMs > CURSOR_MAX_AGE_MS;
    }

    private void note(Answer answer) {
        connects.sessions
                .sent(client, n, answer.cursor(), connects.options.silentMs())
                .onSuccess(batch -> {
                    if (batch == Sessions.OVERTAKEN) {
                        exchange.overtaken();
                    } else {
                        // It may have taken Redis long, as lives go.
                        Answer alive = connects.room.withoutDead(client, answer);
                        reply(alive.messages(), adviceFor(alive), batch, alive);
                    }
                })
                // The messages are still where they were, and come with the next reply.
                .onFailure(failure -> fail(Protocol.errorOf(failure), connects.advices.retry(Connects.RETRY_AFTER_MS)));
    }

    private void reply(List<Message> messages, ObjectNode itsAdvice, long batch, Answer answer) {
        ObjectNode reply = Replies.successful(message);
        reply.set("advice", itsAdvice);
        if (isAcking && batch > 0) {
            reply.withObjectProperty("ext").put("ack", batch);
        }
        Gaps.tell(answer).ifPresent(exchange::tell);
        List<Message> told = ByTime.sorted(Tabs.takeNotices(messages, reply));
        TimeSync.answer(message, reply, receivedMs);
        exchange.connected(reply, told);
        if (afterwards != null && answer.ended() == null && messages.isEmpty()) {
            afterwards.accept(answer.cursor());
        }
    }

    @Override
    public void refuse(EndReason why, long retryAfterMs) {
        over();
        fail(
                why == EndReason.TOO_FAST ? Errors.TOO_MANY_IDS : Errors.UNAVAILABLE,
                connects.advices.retry(retryAfterMs));
    }

    private void fail(String error, ObjectNode itsAdvice) {
        ObjectNode reply = Replies.failed(message, error);
        reply.set("advice", itsAdvice);
        TimeSync.answer(message, reply, receivedMs);
        exchange.connected(reply, List.of());
    }

    /** Nobody waits for its answer: too many come. */
    void tooOften(long retryAfterMs) {
        exchange.peer.tooOften(retryAfterMs);
    }
}
