package megacomet.loadtest.siege;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.world.Leash;
import megacomet.loadtest.chaos.world.Programs;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Outcome;

/**
 * Has an attack done by a process of its own, which the scheduler prefers least: the servers share their processors with it, and what
 * it burns is not the product's fault.
 */
final class Attacker {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEAP = "192m";

    /** Beyond the attack's time, for the start of a Java and for answers that are waited for at its end. */
    private static final long LONGER_MS = 120_000;

    private final Programs programs;
    private final Path folder;

    Attacker(Programs programs, Path folder) {
        this.programs = programs;
        this.folder = folder;
    }

    /**
     * Returns what came of it, when it is over.
     *
     * @throws IOException if the attacker failed, which is nobody's fault but its own
     */
    Outcome attack(Attack attack, Besieged target, long ms) throws IOException, InterruptedException {
        Path log = folder.resolve("attack-" + attack.name() + ".log");
        List<String> command = programs.niced(
                HEAP, AttackerMain.class.getName(), attack.name(), JSON.writeValueAsString(target), "" + ms);
        Leash leash = Leash.start(log, command, Map.of());
        int code = leash.awaitEnd(ms + LONGER_MS);
        leash.close();
        List<String> lines = Files.readAllLines(log);
        if (code != 0) {
            throw new IOException("the attacker '%s' %s: %s"
                    .formatted(
                            attack.name(),
                            code < 0 ? "did not end in time" : "ended with " + code,
                            String.join(" | ", lines.subList(0, Math.min(3, lines.size())))));
        }
        return JSON.readValue(lines.get(lines.size() - 1), Outcome.class);
    }
}
