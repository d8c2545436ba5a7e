package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.ClientId;
import megacomet.model.Message;

/**
 * What came in one request or frame, answered in order: each message when the one before has had its effect. A connect that
 * is there alone may be held; of several messages none is, or the replies to the others would wait.
 */
final class Exchange {

    final Peer peer;
    final Protocol protocol;
    private final List<BayeuxMessage> messages;
    private final Promise<Void> over = Promise.promise();
    private List<ObjectNode> replies = new ArrayList<>(1);
    private List<Message> delivered = List.of();
    /** Sessions that were let in, and null for those that were not. */
    private Map<ClientId, Visitor> known;

    private int next;
    private boolean isRunning;

    Exchange(Protocol protocol, Peer peer, List<BayeuxMessage> messages) {
        this.protocol = protocol;
        this.peer = peer;
        this.messages = onlyHandshake(messages);
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

    /** Answers all. Completes when all but a connect that is held have had their effect. */
    Future<Void> run() {
        goOn();
        return over.future();
    }

    /** Not by recursion: there may be hundreds, of which many are answered at once. */
    private void goOn() {
        if (isRunning) {
            return;
        }
        isRunning = true;
        while (isRunning) {
            if (next == messages.size()) {
                isRunning = false;
                finish();
                return;
            }
            BayeuxMessage message = messages.get(next++);
            if (message.isOn(Channel.CONNECT)) {
                isRunning = false;
                protocol.connects().take(this, message);
                return;
            }
            Future<ObjectNode> reply = protocol.reply(this, message);
            if (reply.isComplete()) {
                replies.add(reply.result());
            } else {
                isRunning = false;
                reply.onSuccess(told -> {
                    replies.add(told);
                    goOn();
                });
            }
        }
    }

    private void finish() {
        List<ObjectNode> all = replies;
        replies = List.of();
        if (!peer.isPushing() || !all.isEmpty() || messages.isEmpty()) {
            peer.write(delivered, all);
        }
        over.tryComplete();
    }

    /** Whether a connect is the only message, and may be held. */
    boolean isOfOne() {
        return messages.size() == 1;
    }

    /** A connect waits: whatever comes next must not. */
    void isHeld() {
        over.tryComplete();
    }

    /** Something that is no reply goes with the replies. */
    void tell(ObjectNode message) {
        replies.add(message);
    }

    /** A connect is answered. */
    void connected(ObjectNode reply, List<Message> withIt) {
        replies.add(reply);
        delivered = withIt;
        goOn();
    }

    /** A connect will be answered by itself, later. */
    void connectedLater() {
        goOn();
    }

    /** A later connect came before this one was answered. */
    void overtaken() {
        over.tryComplete();
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
        return protocol.enter(client, peer.browser()).onSuccess(visitor -> knows(client, visitor));
    }

    /** Remembers it for the messages that follow. */
    void knows(ClientId client, Visitor visitor) {
        if (messages.size() > 1) {
            known = known == null ? new HashMap<>(2) : known;
            known.put(client, visitor);
        }
    }
}
