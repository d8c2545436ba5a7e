package megacomet.loadtest.siege.attacks;

import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;

/** A website's name that resolves to 127.0.0.1 (DNS rebinding), at the ports for operators. */
final class MetricsOfAnyHost implements Attack {

    private static final int OK = 200;

    @Override
    public String name() {
        return "metrics-of-any-host";
    }

    @Override
    public String description() {
        return "GET /metrics with another website's Host, as after DNS rebinding: refused";
    }

    @Override
    public boolean mustBeCounted() {
        return false; // The port for operators counts nobody.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        for (int port : new int[] {target.gatewayManagement(), target.publisherManagement()}) {
            Reply reply = Requests.once(port, "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", deadline);
            spoils.sent(0);
            spoils.ended(reply == null ? Outcome.CUT : reply.said());
            if (reply != null && reply.status() == OK) {
                spoils.gained("metrics were told to another website's name");
            }
        }
        return spoils.outcome();
    }
}
