package megacomet.loadtest.siege.attacks;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;

/** A page of any website, in the browser of a developer whose open gateway runs on the same machine. */
final class CrossSite implements Attack {

    private static final String[] AS_AN_IMAGE = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Mode: no-cors",
        "Sec-Fetch-Dest: image",
        "Referer: http://evil.example/"
    };
    private static final String[] AS_A_SCRIPT = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Mode: no-cors",
        "Sec-Fetch-Dest: script",
        "Referer: http://evil.example/"
    };
    private static final String[] OF_AN_OLD_BROWSER = {"Referer: http://evil.example/"};

    @Override
    public String name() {
        return "cross-site";
    }

    @Override
    public String description() {
        return "an image and a script of another website publish and read at an open gateway: refused";
    }

    @Override
    public Needs needs() {
        return Needs.AN_OPEN_GATEWAY;
    }

    @Override
    public boolean mustBeCounted() {
        return false; // It is at another gateway than the one that is looked at.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        for (String[] headers : new String[][] {AS_AN_IMAGE, OF_AN_OLD_BROWSER}) {
            Reply handshake = ask(
                    target,
                    bayeux("[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\","
                            + "\"supportedConnectionTypes\":[\"callback-polling\"]}]"),
                    headers,
                    spoils,
                    deadline);
            if (handshake != null && handshake.body().contains("successful\":true")) {
                spoils.gained("another website's page began a Bayeux session");
            }
        }
        for (String[] headers : new String[][] {AS_A_SCRIPT, OF_AN_OLD_BROWSER}) {
            Reply poll = ask(target, "/v1/poll?client=42&timeoutMs=0&callback=f", headers, spoils, deadline);
            if (poll != null && poll.body().contains("\"messages\"")) {
                spoils.gained("another website's page read a mailbox by JSONP");
            }
        }
        return spoils.outcome();
    }

    private static String bayeux(String message) {
        return "/bayeux?jsonp=f&message=" + URLEncoder.encode(message, StandardCharsets.UTF_8);
    }

    private static Reply ask(Besieged target, String path, String[] headers, Spoils spoils, Deadline deadline)
            throws InterruptedException {
        Reply reply = Requests.once(target.further(), Requests.get(path, headers), deadline.orIn(USUAL_MS));
        spoils.sent(path.length());
        spoils.ended(reply == null ? Outcome.CUT : reply.said());
        return reply;
    }
}
