package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.redis.Sessions;

/**
 * What came in one request or frame, answered in order: each message when the one before has had its effect. A connect that
 * is there alone may be held; of several messages none is, or the replies to the others would wait.
 */
final class Exchange {

    final Peer peer;
    final Protocol protocol;
    /** Empty once the last has been taken, because a connect may be held for long. */
    private List<BayeuxMessage> messages;

    private final int size;
    /** Or null, if nobody wants to know or it was told. */
    private Runnable whenOver;

    private List<ObjectNode> replies = List.of();
    private List<Message> delivered = List.of();
    /** Sessions that were let in, and null for those that were not. */
    private Map<ClientId, Visitor> known;

    private int next;
    /** See {@link #affords}. */
    private int work;

    private boolean isRunning;

    Exchange(Protocol protocol, Peer peer, List<BayeuxMessage> messages) {
        this.protocol = protocol;
        this.peer = peer;
        this.messages = onlyHandshake(messages);
        this.size = this.messages.size();
    }

    /** What is sent with a handshake is ignored (Bayeux 1.0, "Handshake Request"). */
    private static List<BayeuxMessage> onlyHandshake(List<BayeuxMessage> messages) {
        for (BayeuxMessage message : messages) {
            if (message.isOn(Channel.HANDSHAKE)) {
                return List.of(message);
            }
        }
        return messages;
    }

    /** Answers all. */
    void run() {
        goOn();
    }

    /** Answers all, and tells when all but a connect that is held have had their effect. */
    void run(Runnable then) {
        whenOver = then;
        goOn();
    }

    private void isOver() {
        if (whenOver != null) {
            Runnable then = whenOver;
            whenOver = null;
            then.run();
        }
    }

    /** Not by recursion: there may be hundreds, of which many are answered at once. */
    private void goOn() {
        if (isRunning) {
            return;
        }
        isRunning = true;
        while (isRunning) {
            if (next == size) {
                isRunning = false;
                finish();
                return;
            }
            BayeuxMessage message = messages.get(next++);
            messages = next == size ? List.of() : messages;
            if (message.isOn(Channel.CONNECT)) {
                isRunning = false;
                protocol.connects().take(this, message);
                return;
            }
            Future<ObjectNode> reply = protocol.reply(this, message);
            if (reply.isComplete()) {
                tell(reply.result());
            } else {
                isRunning = false;
                reply.onSuccess(told -> {
                    tell(told);
                    goOn();
                });
            }
        }
    }

    private void finish() {
        List<ObjectNode> all = replies;
        replies = List.of();
        if (!peer.isPushing() || !all.isEmpty() || size == 0) {
            peer.write(delivered, all);
        }
        isOver();
    }

    /** Whether a connect is the only message, and may be held. */
    boolean isOfOne() {
        return size == 1;
    }

    /** A connect waits: whatever comes next must not. */
    void isHeld() {
        isOver();
    }

    /** Something that is no reply goes with the replies. */
    void tell(ObjectNode message) {
        replies = replies.isEmpty() ? new ArrayList<>(1) : replies;
        replies.add(message);
    }

    /** A connect is answered. */
    void connected(ObjectNode reply, List<Message> withIt) {
        tell(reply);
        delivered = withIt;
        goOn();
    }

    /** A connect will be answered by itself, later. */
    void connectedLater() {
        goOn();
    }

    /** A later connect came before this one was answered. */
    void overtaken() {
        isOver();
        peer.overtaken();
    }

    /** Returns the session of a message, or null if there is none for this browser. */
    Future<Visitor> enter(ClientId client) {
        if (client == null) {
            return Future.succeededFuture();
        }
        if (known != null && known.containsKey(client)) {
            return Future.succeededFuture(known.get(client));
        }
        return protocol.enter(client, peer.browser())
                .onSuccess(visitor -> knows(client, visitor))
                .onFailure(this::isRefused);
    }

    /** Whether Redis need not be asked who has a session. */
    boolean isKnown(ClientId client) {
        return client == null || known != null && known.containsKey(client);
    }

    /** Looks why a message was not let into its session. */
    void isRefused(Throwable why) {
        if (why instanceof Sessions.CookieMissing) {
            peer.lacksCookie();
        }
    }

    /**
     * Takes so much from what the messages of one exchange may cost in Redis together ({@link Work#MOST}), and returns whether it
     * was there. Else hundreds of messages that are small for us would be one request, and hundreds of large reads.
     */
    boolean affords(int more) {
        if (work + more > Work.MOST) {
            return false;
        }
        work += more;
        return true;
    }

    /**
     * Remembers it for the messages that follow.
     *
     * @param visitor or null, if it was not let in, or its session has ended
     */
    void knows(ClientId client, Visitor visitor) {
        if (visitor != null) {
            peer.lives();
        }
        if (size > 1) {
            known = known == null ? new HashMap<>(2) : known;
            known.put(client, visitor);
        }
    }
}
