package megacomet.loadtest.siege.peer;

import java.io.IOException;
import megacomet.loadtest.siege.attacker.Deadline;

/**
 * A Bayeux session as its handshake's reply has it.
 *
 * @param clientId its id
 * @param cookie {@code name=value} of the cookie that came with it, or null
 */
public record Session(String clientId, String cookie) {

    private static final String HANDSHAKE =
            "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"supportedConnectionTypes\":[\"long-polling\",\"websocket\"]%s}]";

    /**
     * Begins one by HTTP.
     *
     * @param token null for none
     * @throws IOException if it is refused; the message is how
     */
    public static Session begin(Peer peer, String token, Deadline deadline) throws IOException, InterruptedException {
        peer.send(Requests.post("/bayeux", handshake(token)), deadline);
        Reply reply = peer.reply(deadline);
        String id = reply == null ? null : Reply.between(reply.body(), "\"clientId\":\"", "\"");
        if (id == null) {
            throw new IOException(reply == null ? "no answer" : error(reply));
        }
        String cookie = reply.header("set-cookie");
        return new Session(id, cookie == null ? null : cookie.split(";")[0]);
    }

    /** The header of a browser that has the cookie: servers may take more from somebody whom they know. */
    public String asCookie() {
        return "Cookie: " + cookie;
    }

    public static String handshake(String token) {
        return HANDSHAKE.formatted(token == null ? "" : ",\"ext\":{\"token\":\"" + token + "\"}");
    }

    /** @param subscription JSON: a text or a list of them */
    public String subscribe(String subscription) {
        return message("subscribe", ",\"subscription\":" + subscription);
    }

    public String unsubscribe(String subscription) {
        return message("unsubscribe", ",\"subscription\":" + subscription);
    }

    public String connect(String type) {
        return message("connect", ",\"connectionType\":\"" + type + "\"");
    }

    private String message(String what, String more) {
        return "[{\"channel\":\"/meta/%s\",\"clientId\":\"%s\"%s}]".formatted(what, clientId, more);
    }

    /** What a reply complains of: Bayeux's error code if there is one, else the status. */
    public static String error(Reply reply) {
        String error = Reply.between(reply.body(), "\"error\":\"", ":");
        return error == null ? reply.said() : "bayeux " + error;
    }

    public static boolean isSuccessful(String body) {
        return body.contains("\"successful\":true");
    }
}
