package megacomet.loadtest.siege;

import java.util.List;
import java.util.Map;
import megacomet.loadtest.siege.attacker.Outcome;

/**
 * An attack and what it did to others.
 *
 * @param attack its name
 * @param ms how long it went on
 * @param outcome what came of it for the attacker
 * @param peaks the most that was seen of the servers
 * @param delays of honest browsers' messages that were sent meanwhile
 * @param counted by how much the servers' counters of refusals and cuts rose
 * @param mustBeCounted whether any of them had to
 * @param mishaps each in a sentence: a server that ended, an attack that could not be carried out
 */
public record Row(
        String attack,
        long ms,
        Outcome outcome,
        Peaks peaks,
        Delays delays,
        Map<String, Long> counted,
        boolean mustBeCounted,
        List<String> mishaps) {}
