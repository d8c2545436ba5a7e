package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import megacomet.embedded.RedisServer;
import megacomet.loadtest.chaos.world.World;

/**
 * How many keys of which kind there are, by their names. All kinds that are not known to last are {@link #passing passing}: whoever
 * adds a kind that outlives both clients and messages must say so here.
 *
 * @param byKind of all masters together
 */
public record RedisKeys(Map<String, Long> byKind) {

    /** These are taken back some time after the last client and the last message have gone. */
    private static final Set<String> INDEXES = Set.of("followed", "due");

    /** Numbers, ids, and indexes of them, which go by their own time; and what belongs to the deployment. */
    private static final Set<String> LASTING = Set.of(
            "state",
            "topic",
            "names",
            "passed",
            "recent",
            "id",
            "topic-id",
            "ids",
            "browser-id",
            "browser-ids",
            "counters",
            "nodes",
            "events",
            "revocations",
            "sweeper",
            "webhook",
            "deployment");

    /** Scans on from a cursor: the next cursor, and how many keys there were of each kind. */
    private static final String PAGE = """
            local scanned = redis.call('SCAN', ARGV[1], 'COUNT', 1000)
            local counts = {}
            for _, key in ipairs(scanned[2]) do
              local kind = string.match(key, '}:([^:]+)') or string.match(key, ':(.+)')
              counts[kind] = (counts[kind] or 0) + 1
            end
            local reply = {scanned[1]}
            for kind, count in pairs(counts) do
              reply[#reply + 1] = kind .. ' ' .. count
            end
            return reply
            """;

    public static RedisKeys of(World world) throws IOException {
        Map<String, Long> byKind = new TreeMap<>();
        for (RedisServer master : world.redis().masters()) {
            String cursor = "0";
            do {
                String[] page = master.command("EVAL", PAGE, "0", cursor).split("\n");
                cursor = page[0].strip();
                for (int i = 1; i < page.length; i++) {
                    String[] kind = page[i].strip().split(" ");
                    byKind.merge(kind[0], Long.parseLong(kind[1]), Long::sum);
                }
            } while (!cursor.equals("0"));
        }
        return new RedisKeys(byKind);
    }

    /** Those that are there only while a client is, or a message lives. */
    public long passing() {
        return all() - indexes() - lasting();
    }

    /** Those by which nodes find what is passing. */
    public long indexes() {
        return count(INDEXES);
    }

    /** Those that outlive both by their own time. */
    public long lasting() {
        return count(LASTING);
    }

    private long all() {
        return count(byKind.keySet());
    }

    private long count(Set<String> kinds) {
        return kinds.stream().mapToLong(kind -> byKind.getOrDefault(kind, 0L)).sum();
    }
}
