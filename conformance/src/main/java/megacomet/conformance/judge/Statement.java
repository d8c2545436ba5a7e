package megacomet.conformance.judge;

import java.util.Set;
import megacomet.conformance.wire.Transport;

/**
 * One thing that a Bayeux server does or does not do.
 *
 * @param number its number for ever: 1 to 80 are the checklist's, later ones were added or split off
 * @param sentence what is claimed of the server
 * @param source where the claim comes from
 * @param transports those on which it means something; it is judged on each
 */
public record Statement(
        int number,
        Level level,
        String chapter,
        String sentence,
        String source,
        Set<Transport> transports,
        Turn turn,
        Check check) {}
