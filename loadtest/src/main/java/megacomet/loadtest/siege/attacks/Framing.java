package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Reply;

/** HTTP/1.1 requests whose end or whose host two servers could see differently. */
final class Framing implements Attack {

    private static final long ANSWER_MS = 1_500;
    private static final int BAD = 400;

    private static final String BOTH_LENGTHS =
            "POST /bayeux HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n";
    private static final String EXTENSION =
            "POST /bayeux HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\n[]\r\n0\r\n\r\n";
    private static final String TWO_HOSTS =
            "GET /v1/poll?timeoutMs=0 HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n";
    private static final String BAD_HOST = "GET /v1/poll?timeoutMs=0 HTTP/1.1\r\nHost: local host/\r\n\r\n";

    @Override
    public String name() {
        return "framing";
    }

    @Override
    public String description() {
        return "Content-Length with Transfer-Encoding, two or malformed hosts, a chunk extension: as RFC 9112 has it";
    }

    @Override
    public boolean mustBeCounted() {
        return false; // A malformed request is nobody's.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        for (int port : new int[] {target.gateway(), target.publisher()}) {
            String server = port == target.gateway() ? "the gateway" : "the publisher";
            mustClose(port, server, spoils);
            mustBeBad(port, TWO_HOSTS, "two hosts", server, spoils);
            mustBeBad(port, BAD_HOST, "a malformed host", server, spoils);
            mustAnswer(port, server, spoils);
        }
        return spoils.outcome();
    }

    /** RFC 9112, section 6.1: the connection is closed behind the answer. */
    private static void mustClose(int port, String server, Spoils spoils) throws IOException, InterruptedException {
        try (Peer peer = Peer.connect(port)) {
            ask(peer, BOTH_LENGTHS, spoils);
            if (!peer.awaitClosed(Deadline.in(ANSWER_MS))) {
                spoils.gained("%s kept a connection on which a request had two lengths", server);
            }
        }
    }

    /** RFC 9112, section 3.2. */
    private static void mustBeBad(int port, String request, String what, String server, Spoils spoils)
            throws IOException, InterruptedException {
        try (Peer peer = Peer.connect(port)) {
            Reply reply = ask(peer, request, spoils);
            if (reply != null && reply.status() != BAD) {
                spoils.gained("%s answered a request with %s by %d", server, what, reply.status());
            }
        }
    }

    /** RFC 9112, section 7.1.1: who does not know an extension ignores it. */
    private static void mustAnswer(int port, String server, Spoils spoils) throws IOException, InterruptedException {
        try (Peer peer = Peer.connect(port)) {
            if (ask(peer, EXTENSION, spoils) == null) {
                spoils.gained("%s did not answer a request with a chunk extension", server);
            }
        }
    }

    private static Reply ask(Peer peer, String request, Spoils spoils) throws InterruptedException {
        peer.send(request, Deadline.in(ANSWER_MS));
        spoils.sent(request.length());
        Reply reply = peer.reply(Deadline.in(ANSWER_MS));
        spoils.ended(reply == null ? Outcome.CUT : reply.said());
        return reply;
    }
}
