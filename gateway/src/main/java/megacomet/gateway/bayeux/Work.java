package megacomet.gateway.bayeux;

import megacomet.web.Rate;

/**
 * What a message costs in Redis, roughly in commands of a hundred bytes, beyond a publish: so that one request, which may have
 * {@value MessageReader#MAX_MESSAGES} messages, causes no more than a known amount ({@link Exchange#affords}). Publishes count
 * where clients' rates are.
 */
final class Work {

    /** The most that one request or frame may cause: all that a session can follow, left and followed again, and some more. */
    static final int MOST = 150;

    /** How much a session may cause a second, on one event loop, and at once after a pause. */
    static final Rate A_SECOND = new Rate(3_000, 15_000);

    /** Whether a session is there, and whose it is. */
    static final int A_SESSION = 5;

    /** Claims the session's mailbox, and reads it and what the session follows. */
    static final int A_CONNECT = 10;

    /** Reads all that the session follows, with where it began. */
    private static final int A_STATUS = 10;

    private Work() {}

    /** What a message costs that is no connect, once its session is known; with usable lists. */
    static int of(BayeuxMessage message) {
        return switch (message.channel()) {
            case Channel.SUBSCRIBE, Channel.UNSUBSCRIBE ->
                message.subscription().channels().size();
            case ServiceChannels.STATUS -> A_STATUS;
            // Credentials of its own are checked, which takes time here and not in Redis.
            default -> message.clientId() == null ? 1 : 0;
        };
    }
}
