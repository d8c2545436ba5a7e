package megacomet.loadtest.siege.attacks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Reply;

/** An API key that was taken out of the publisher's file. */
final class RemovedKey implements Attack {

    /** How the line of {@link Besieged#spareKey} begins. */
    private static final String SPARE = "spare";

    private static final int UNAUTHORIZED = 401;
    private static final long TRY_MS = 250;
    private static final String MESSAGE = "{\"client\":\"42\",\"data\":1,\"ttlMs\":1000}";

    @Override
    public String name() {
        return "removed-key";
    }

    @Override
    public String description() {
        return "an API key that was taken out of the file: refused within seconds, without a restart";
    }

    @Override
    public long leastMs() {
        return 15_000;
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        Path file = Path.of(target.keysFile());
        List<String> rest = Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith(SPARE))
                .toList();
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, rest);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        while (!deadline.isOver()) {
            Reply reply = Application.publish(target, target.spareKey(), MESSAGE, deadline);
            spoils.sent(MESSAGE.length());
            spoils.ended(reply == null ? Outcome.CUT : reply.said());
            if (reply != null && reply.status() == UNAUTHORIZED) {
                return spoils.outcome();
            }
            deadline.pause(TRY_MS);
        }
        spoils.gained("a removed key was good for %d s and more", leastMs() / 1_000);
        return spoils.outcome();
    }
}
