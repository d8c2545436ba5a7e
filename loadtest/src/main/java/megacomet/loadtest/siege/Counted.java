package megacomet.loadtest.siege;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import megacomet.loadtest.chaos.world.Server;

/**
 * What servers have counted of those whom they refused or cut, by metric and label.
 *
 * @param counts the value of each counter, of all servers together
 */
record Counted(Map<String, Long> counts) {

    private static final List<String> COUNTERS = List.of("megacomet_connections_cut_total", "megacomet_refused_total");

    /** A server that does not tell has counted nothing. */
    static Counted of(List<Server> servers) throws InterruptedException {
        Map<String, Long> counts = new TreeMap<>();
        for (Server server : servers) {
            try {
                server.metrics()
                        .lines()
                        .filter(line -> COUNTERS.stream().anyMatch(line::startsWith))
                        .forEach(line -> counts.merge(
                                line.substring(0, line.lastIndexOf(' ')),
                                (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
                                Long::sum));
            } catch (IOException doesNotTell) {
                // That it does not is the lookout's to see.
            }
        }
        return new Counted(counts);
    }

    /** What has risen since, and by how much; a server that was started anew begins at 0. */
    Map<String, Long> since(Counted before) {
        Map<String, Long> risen = new TreeMap<>();
        counts.forEach((name, now) -> {
            long more = now - before.counts.getOrDefault(name, 0L);
            if (more > 0) {
                risen.put(name, more);
            }
        });
        return risen;
    }
}
