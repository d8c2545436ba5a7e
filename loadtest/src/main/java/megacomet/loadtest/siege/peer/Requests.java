package megacomet.loadtest.siege.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import megacomet.loadtest.siege.attacker.Deadline;

/** Requests as attackers write them: complete, and with no more than they need. */
public final class Requests {

    private Requests() {}

    /** @param headers further ones, each {@code name: value} */
    public static String get(String path, String... headers) {
        return head("GET", path, headers) + "\r\n";
    }

    public static String post(String path, String body, String... headers) {
        return head("POST", path, headers) + "Content-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String head(String method, String path, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.toString();
    }

    /** Sends one on a connection of its own, and returns its answer; null if there is none in time. */
    public static Reply once(int port, String request, Deadline deadline) throws InterruptedException {
        try (Peer peer = Peer.connect(port)) {
            return peer.send(request, deadline) ? peer.reply(deadline) : null;
        } catch (IOException notTaken) {
            return null;
        }
    }
}
