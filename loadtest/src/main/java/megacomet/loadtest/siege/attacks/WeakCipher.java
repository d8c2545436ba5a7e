package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.security.Security;
import javax.net.ssl.SSLSocket;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Tls;

/** A TLS 1.2 client that offers nothing but a cipher without forward secrecy. */
final class WeakCipher implements Attack {

    private static final String CIPHER = "TLS_RSA_WITH_AES_128_CBC_SHA";
    private static final int ANSWER_MS = 3_000;

    @Override
    public String name() {
        return "weak-cipher";
    }

    @Override
    public String description() {
        return "TLS 1.2 with AES128-SHA alone: the handshake fails";
    }

    @Override
    public Needs needs() {
        return Needs.A_TLS_GATEWAY;
    }

    @Override
    public boolean mustBeCounted() {
        return false;
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) {
        Security.setProperty("jdk.tls.disabledAlgorithms", ""); // Newer Javas would not offer it.
        Spoils spoils = new Spoils();
        spoils.sent(0);
        try (SSLSocket socket = Tls.connect(target.further(), ANSWER_MS)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {CIPHER});
            socket.startHandshake();
            spoils.gained("a connection with %s was made", CIPHER);
        } catch (IOException refused) {
            spoils.ended("handshake failed");
        }
        return spoils.outcome();
    }
}
