package megacomet.gateway.bayeux;

import io.vertx.core.Future;

/** Decides who a handshake's client is and what it may do, by its credentials in {@code ext}. They are never repeated. */
interface Authority {

    /** Returns who it is, or null if it is refused. */
    Future<Visitor> ofHandshake(BayeuxMessage handshake, String address);

    /** Returns who sent a message without a session, or null if it has no credentials of its own that are good. */
    Future<Visitor> ofMessage(BayeuxMessage message);
}
