package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;

/** Connections to one port that say nothing, more than the process may have files open. */
final class SilentConnections implements Attack {

    private static final int CONNECTIONS = 2_000;
    private static final int REFUSED_IN_A_ROW = 3;
    private static final long LOOK_MS = 100;
    private static final long ANSWER_MS = 3_000;

    private final String door;
    private final ToIntFunction<Besieged> port;

    private SilentConnections(String door, ToIntFunction<Besieged> port) {
        this.door = door;
        this.port = port;
    }

    static SilentConnections toThePublisher() {
        return new SilentConnections("publisher", Besieged::publisher);
    }

    static SilentConnections toManagement() {
        return new SilentConnections("management", Besieged::gatewayManagement);
    }

    static SilentConnections toTheGateway() {
        return new SilentConnections("gateway", Besieged::gateway);
    }

    @Override
    public String name() {
        return "silent-" + door;
    }

    @Override
    public String description() {
        return "2,000 silent connections to the %s's port, more than it may have files: others are served"
                .formatted(door);
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        List<Peer> peers = openTo(port.applyAsInt(target), CONNECTIONS, spoils, deadline);
        while (!deadline.isOver()) {
            peers.forEach(Peer::look);
            deadline.pause(LOOK_MS);
        }
        Reply honest = Requests.once(port.applyAsInt(target), Requests.get("/health/live"), Deadline.in(ANSWER_MS));
        if (honest == null) {
            spoils.gained("nobody else was answered at the %s's port", door);
        }
        peers.forEach(peer -> {
            spoils.ended(peer.isClosed() ? Outcome.CUT : Outcome.OPEN);
            peer.close();
        });
        return spoils.outcome();
    }

    /** One after the other; a server that takes no more is not asked a thousand times. */
    static List<Peer> openTo(int port, int count, Spoils spoils, Deadline deadline) {
        List<Peer> peers = new ArrayList<>();
        int refused = 0;
        while (peers.size() < count && refused < REFUSED_IN_A_ROW && !deadline.isOver()) {
            try {
                peers.add(Peer.connect(port));
                spoils.sent(0);
                refused = 0;
            } catch (IOException notTaken) {
                spoils.ended(Outcome.NOT_CONNECTED);
                refused++;
            }
        }
        return peers;
    }
}
