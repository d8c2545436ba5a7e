package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Scan;
import megacomet.loadtest.wire.Target;

/**
 * Bayeux 1.0 by long-polling: handshake, subscribe to one channel, then connect after connect. The channel is the topic's, or
 * for messages to a single browser {@code /mcload/<client>}. A session that the server has lost is begun again.
 */
final class Bayeux implements Dialect {

    /** The first segment of the topics that stand for single browsers. */
    static final String PRIVATE = "mcload/";

    private static final String DEFAULT_PATH = "/bayeux";
    private static final byte[] CLIENT_ID = Scan.ascii("\"clientId\":\"");
    private static final byte[] REFUSED = Scan.ascii("\"successful\":false");
    private static final byte[] RECONNECT_NONE = Scan.ascii("\"reconnect\":\"none\"");
    private static final byte[] ERROR = Scan.ascii("\"error\":\"");
    private static final byte[] INTERVAL = Scan.ascii("\"interval\":");
    private static final char COOKIE_FOLLOWS = '\n';

    private final Setting setting;
    private final String start;

    Bayeux(Target target, Setting setting) {
        this.setting = setting;
        start = "POST " + target.pathOr(DEFAULT_PATH) + " HTTP/1.1\r\n" + Setting.browserHeaders(target)
                + "Accept: */*\r\nContent-Type: application/json\r\n";
    }

    @Override
    public boolean request(Caller caller, ByteBuf out) {
        int id = caller.next();
        boolean isHandshake = caller.memory() == null;
        String[] session = isHandshake ? null : Http.text(caller.memory()).split("" + COOKIE_FOLLOWS);
        boolean isSubscribe = !isHandshake && caller.count() == 1;
        String body = isHandshake
                ? "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"supportedConnectionTypes\":[\"long-polling\"],\"id\":\""
                        + id + "\"" + token(caller) + "}]"
                : isSubscribe
                        ? "[{\"channel\":\"/meta/subscribe\",\"clientId\":\"" + session[0] + "\",\"subscription\":\"/"
                                + channel(caller) + "\",\"id\":\"" + id + "\"}]"
                        : "[{\"channel\":\"/meta/connect\",\"clientId\":\"" + session[0]
                                + "\",\"connectionType\":\"long-polling\",\"id\":\"" + id + "\"}]";
        Ascii.write(start, out);
        if (session != null && session.length > 1) {
            Ascii.write("Cookie: " + session[1] + "\r\n", out);
        }
        Ascii.write("Content-Length: " + body.length() + "\r\n\r\n", out);
        Ascii.write(body, out);
        return !isHandshake && !isSubscribe;
    }

    @Override
    public long read(Caller caller, ResponseReader response) {
        if (!response.isComplete()) {
            return WAIT;
        }
        if (response.status() != Http.OK) {
            caller.remember(null);
            return Http.refused(caller, response);
        }
        byte[] bytes = response.bytes();
        int from = response.bodyStart();
        int to = response.bodyEnd();
        if (Scan.indexOf(bytes, from, to, REFUSED) >= 0) {
            byte[] error = Scan.quotedAfterFirst(bytes, from, to, ERROR);
            caller.failed("refused: " + (error == null ? "no reason" : Http.text(error)));
            caller.remember(null);
            return Scan.indexOf(bytes, from, to, RECONNECT_NONE) >= 0 ? STOP : Http.ERROR_PAUSE_MS;
        }
        if (caller.memory() == null) {
            return readHandshake(caller, response);
        }
        caller.received(bytes, from, to);
        return Scan.numberAfterLast(bytes, from, to, INTERVAL, 0);
    }

    @Override
    public boolean canAsk() {
        return false;
    }

    private static long readHandshake(Caller caller, ResponseReader response) {
        byte[] id = Scan.quotedAfterFirst(response.bytes(), response.bodyStart(), response.bodyEnd(), CLIENT_ID);
        if (id == null) {
            caller.failed("a handshake's answer without a client id");
            return Http.ERROR_PAUSE_MS;
        }
        String cookie = response.header("set-cookie");
        caller.remember(null); // So that the count begins with the subscription.
        caller.remember(Scan.ascii(Http.text(id) + (cookie == null ? "" : COOKIE_FOLLOWS + cookie.split(";")[0])));
        return 0;
    }

    private String token(Caller caller) {
        return setting.tokens() == null
                ? ""
                : ",\"ext\":{\"token\":\"" + setting.tokens().of(caller.client(), channel(caller)) + "\"}";
    }

    private String channel(Caller caller) {
        return setting.topic() != null ? setting.topic() : PRIVATE + caller.client();
    }
}
