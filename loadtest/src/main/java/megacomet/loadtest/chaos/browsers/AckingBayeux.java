package megacomet.loadtest.chaos.browsers;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import megacomet.loadtest.dialect.Caller;
import megacomet.loadtest.dialect.Dialect;
import megacomet.loadtest.dialect.Setting;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Scan;
import megacomet.loadtest.wire.Target;

/**
 * Bayeux by long-polling with CometD's ack extension: a reply that was lost on its way is given again, so that nothing needs
 * to be excused. Follows several channels. A session that the server has lost is begun again.
 */
final class AckingBayeux implements Dialect {

    private static final int OK = 200;
    private static final long ERROR_PAUSE_MS = 1_000;
    private static final byte[] CLIENT_ID = Scan.ascii("\"clientId\":\"");
    private static final byte[] REFUSED = Scan.ascii("\"successful\":false");
    private static final byte[] ERROR = Scan.ascii("\"error\":\"");
    private static final byte[] ACK = Scan.ascii("\"ack\":");
    private static final byte[] SUBSCRIBED = Scan.ascii("\"channel\":\"/meta/subscribe\"");
    private static final int UNKNOWN_SESSION = 402;

    private final String start;
    private final Setting setting;
    private final String subscriptions;

    AckingBayeux(Target target, Setting setting) {
        this.setting = setting;
        start = "POST /bayeux HTTP/1.1\r\nHost: " + target.authority()
                + "\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: ";
        subscriptions = Arrays.stream(setting.topic().split(","))
                .map(topic -> "\"/" + topic + "\"")
                .collect(Collectors.joining(","));
    }

    /** What is remembered between two requests: the session, the last batch that came, and whether it has subscribed. */
    private record Session(String id, long batch, boolean isSubscribed) {

        static Session of(byte[] memory) {
            String[] parts = new String(memory, StandardCharsets.US_ASCII).split(" ");
            return new Session(parts[0], Long.parseLong(parts[1]), Boolean.parseBoolean(parts[2]));
        }

        byte[] bytes() {
            return Scan.ascii(id + " " + batch + " " + isSubscribed);
        }
    }

    static boolean isSubscribed(byte[] memory) {
        return Session.of(memory).isSubscribed();
    }

    @Override
    public boolean request(Caller caller, ByteBuf out) {
        int id = caller.next();
        Session session = caller.memory() == null ? null : Session.of(caller.memory());
        String body = session == null
                ? ("[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"supportedConnectionTypes\":[\"long-polling\"],"
                                + "\"ext\":{\"ack\":true%s},\"id\":\"%d\"}]")
                        .formatted(token(caller), id)
                : session.isSubscribed()
                        ? ("[{\"channel\":\"/meta/connect\",\"clientId\":\"%s\",\"connectionType\":\"long-polling\","
                                        + "\"ext\":{\"ack\":%d},\"id\":\"%d\"}]")
                                .formatted(session.id(), session.batch(), id)
                        : "[{\"channel\":\"/meta/subscribe\",\"clientId\":\"%s\",\"subscription\":[%s],\"id\":\"%d\"}]"
                                .formatted(session.id(), subscriptions, id);
        out.writeCharSequence(start + body.length() + "\r\n\r\n" + body, StandardCharsets.US_ASCII);
        return session != null && session.isSubscribed();
    }

    private String token(Caller caller) {
        return setting.tokens() == null
                ? ""
                : ",\"token\":\"" + setting.tokens().of(caller.client(), setting.topic()) + "\"";
    }

    @Override
    public long read(Caller caller, ResponseReader response) {
        if (!response.isComplete()) {
            return WAIT;
        }
        if (response.status() != OK) {
            caller.failed("answered " + response.status());
            return ERROR_PAUSE_MS;
        }
        byte[] bytes = response.bytes();
        int from = response.bodyStart();
        int to = response.bodyEnd();
        if (Scan.indexOf(bytes, from, to, REFUSED) >= 0) {
            return refused(caller, bytes, from, to);
        }
        if (caller.memory() == null) {
            byte[] id = Scan.quotedAfterFirst(bytes, from, to, CLIENT_ID);
            caller.remember(new Session(new String(id, StandardCharsets.US_ASCII), 0, false).bytes());
            return 0;
        }
        Session session = Session.of(caller.memory());
        caller.received(bytes, from, to);
        boolean isSubscribed = session.isSubscribed() || Scan.indexOf(bytes, from, to, SUBSCRIBED) >= 0;
        long batch = Scan.numberAfterLast(bytes, from, to, ACK, session.batch());
        caller.remember(new Session(session.id(), batch, isSubscribed).bytes());
        return 0;
    }

    @Override
    public boolean canAsk() {
        return false;
    }

    /** The session may be lost; anything else may pass. */
    private static long refused(Caller caller, byte[] bytes, int from, int to) {
        byte[] error = Scan.quotedAfterFirst(bytes, from, to, ERROR);
        String said = error == null ? "no reason" : new String(error, StandardCharsets.US_ASCII);
        caller.failed("refused: " + said);
        if (said.startsWith(UNKNOWN_SESSION + ":")) {
            caller.remember(null);
        }
        return ERROR_PAUSE_MS;
    }
}
