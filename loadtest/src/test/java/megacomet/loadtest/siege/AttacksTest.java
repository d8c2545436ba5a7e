package megacomet.loadtest.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import megacomet.loadtest.chaos.judge.Bounds;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacks.Attacks;
import org.junit.jupiter.api.Test;

class AttacksTest {

    private static final Path DOCS = Path.of("../docs/loadtest.md");

    private static List<String> names() {
        return Attacks.known().stream().map(Attack::name).toList();
    }

    @Test
    void eachHasANameOfItsOwnAndIsInTheDocs() throws IOException {
        assertEquals(names().size(), names().stream().distinct().count());
        String docs = Files.readString(DOCS);
        for (String name : names()) {
            assertTrue(docs.contains("| `" + name + "` |"), name + " is not in docs/loadtest.md");
        }
    }

    @Test
    void someAreChosenByName() {
        assertEquals(
                names(), Attacks.named(Attacks.ALL).stream().map(Attack::name).toList());
        assertEquals(
                List.of("framing", "topic-flood"),
                Attacks.named("framing, topic-flood").stream().map(Attack::name).toList());
        String unknown = assertThrows(IllegalArgumentException.class, () -> Attacks.named("dragon"))
                .getMessage();
        assertTrue(unknown.startsWith("'dragon' is not an attack; there are all, framing"), unknown);
    }

    @Test
    void anAttackHasAtLeastTheTimeInWhichItCanBeJudged() {
        List<Attack> attacks = Attacks.known();
        SiegeOptions options = new SiegeOptions(1, attacks, 1_000, 500, 50, Limits.PROMISED, new Bounds(1, 1));
        for (Attack attack : attacks) {
            assertTrue(options.msOf(attack) >= attack.leastMs());
        }
        assertFalse(attacks.isEmpty());
    }
}
