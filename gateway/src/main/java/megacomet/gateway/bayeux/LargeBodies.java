package megacomet.gateway.bayeux;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import megacomet.model.ClientId;
import megacomet.redis.Sessions.Browser;
import megacomet.web.Bearer;
import megacomet.web.BodyLimits;
import megacomet.web.KnownBrowsers;
import megacomet.web.Problem;
import megacomet.web.Tokens;

/**
 * Decides who may send a large body: a batch of many messages, or one large message. Anybody may send {@value #STRANGER_MAX_BYTES}
 * bytes, in which a handshake has room. The rest is read if it is known who sends it by one of these:
 *
 * <ul>
 *   <li>a good token in {@code Authorization};
 *   <li>the browser's cookie, if it came with a message of a session to this process lately, or if any node holds a connect of that
 *       browser. Stock clients keep cookies, and name their session only behind the data;
 *   <li>a {@code clientId} among what has come, if that is a session of this browser's.
 * </ul>
 */
final class LargeBodies {

    /** The largest body: a batch of many messages. */
    static final int MAX_BYTES = 512 << 10;

    /** What anybody may send. */
    static final int STRANGER_MAX_BYTES = 16 << 10;

    private static final BodyLimits OF_KNOWN = BodyLimits.ofKnown(MAX_BYTES, BodyLimits.Pace.WHOLE);
    private static final JsonFactory JSON = new JsonFactory();

    private final Tokens tokens;
    private final KnownBrowsers browsers;
    private final Protocol protocol;

    LargeBodies(Tokens tokens, KnownBrowsers browsers, Protocol protocol) {
        this.tokens = tokens;
        this.browsers = browsers;
        this.protocol = protocol;
    }

    /** Returns the limits of a request's body. */
    BodyLimits limits(HttpServerRequest request, Browser browser) {
        if (browsers.knows(browser.hash())) {
            return OF_KNOWN;
        }
        String token = Bearer.of(request);
        return new BodyLimits(
                MAX_BYTES,
                BodyLimits.Pace.WHOLE,
                STRANGER_MAX_BYTES,
                begun -> isGood(token) ? Future.succeededFuture(true) : isOfSession(begun, browser));
    }

    private boolean isGood(String token) {
        if (token == null || tokens.isOpen()) {
            return false;
        }
        try {
            tokens.check(token);
            return true;
        } catch (Problem refused) {
            return false;
        }
    }

    private Future<Boolean> isOfSession(Buffer begun, Browser browser) {
        ClientId client = SessionId.client(clientIdIn(begun.getBytes()));
        if (client != null) {
            return protocol.enter(client, browser).map(visitor -> visitor != null);
        }
        return browser.hash().isEmpty() ? Future.succeededFuture(false) : protocol.isHeld(browser);
    }

    /** Returns the first {@code clientId} of a message in JSON that may be cut off anywhere, or null. */
    static String clientIdIn(byte[] begun) {
        try (JsonParser parser = JSON.createParser(begun)) {
            JsonToken first = parser.nextToken();
            int messageDepth = first == JsonToken.START_ARRAY ? 2 : 1;
            int depth = 0;
            for (JsonToken token = first; token != null; token = parser.nextToken()) {
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.FIELD_NAME
                        && depth == messageDepth
                        && parser.currentName().equals("clientId")) {
                    return parser.nextTextValue();
                }
            }
        } catch (IOException cutOff) {
            // It did not come so far.
        }
        return null;
    }
}
