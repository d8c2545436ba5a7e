package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.model.Transport;
import megacomet.redis.Sessions.Browser;
import megacomet.redis.Sessions.Connected;

/** Where messages came from, and where their replies go. On one event loop. */
interface Peer {

    /** How it is reached. */
    Transport transport();

    Browser browser();

    /** The network address that it came from, as far as proxies are believed. */
    String address();

    /** A message had an effect on a session; what had none is no sign of life. */
    void lives();

    /**
     * A message came for a session that is bound to a cookie, and this peer brought none. A socket that was opened before the
     * browser had its cookie never will: it is closed, so that the browser opens one that does and sends the message again.
     */
    void lacksCookie();

    /** Whether nobody is there any more to be answered. */
    boolean isGone();

    /** Whether it can be told messages at any time, and not only in a reply. */
    boolean isPushing();

    /** Whether its sessions compete with others of the browser for connections, of which browsers have few. */
    boolean isScarce();

    /** Writes messages of topics and mailboxes, and replies, in one array. Of one exchange over HTTP this is the end. */
    void write(List<Message> messages, List<ObjectNode> replies);

    /** A later connect has come: this one's reply must not look like one. */
    void overtaken();

    /** The client comes too often. */
    void tooOften(long retryAfterMs);

    /** The gateway is about to stop: what is written next is the last, and the client must go elsewhere. */
    void dismiss();

    /** A connect waits here until it is {@linkplain #frees freed}; it is to {@linkplain PolledHold#leave leave} if its client goes. */
    void holds(PolledHold connect);

    /** The connect waits no more. */
    void frees(PolledHold connect);

    /** Whether messages are pushed to a session here already. */
    boolean isPushingTo(ClientId client);

    /** A peer that pushes is to push messages to a session, from where it is. */
    void push(ClientId client, Visitor visitor, Connected session);

    /** A peer that pushes has taken a connect in: its reply is due after so long. */
    void beat(ClientId client, BayeuxMessage message, ObjectNode reply, long receivedMs, long timeoutMs);
}
