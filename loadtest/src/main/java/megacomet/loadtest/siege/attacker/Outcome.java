package megacomet.loadtest.siege.attacker;

import java.util.List;
import java.util.Map;

/**
 * What came of an attack, as the attacker saw it.
 *
 * @param requests requests, frames or connections, whatever the attack counts
 * @param bytes how many were sent
 * @param ends how they ended, and how often each: a status, a code, a cut
 * @param gains what the attacker got that nobody may give him, each in a sentence; empty if he got nothing
 */
public record Outcome(long requests, long bytes, Map<String, Long> ends, List<String> gains) {

    /** Connections that the server closed or reset before the attacker was done. */
    public static final String CUT = "cut";

    /** Connections that were not even taken. */
    public static final String NOT_CONNECTED = "not connected";

    /** Connections that were still open at the end. */
    public static final String OPEN = "open";

    /** Requests that were done as if nothing were wrong with them. */
    public static final String TAKEN = "taken";

    public long count(String end) {
        return ends.getOrDefault(end, 0L);
    }
}
