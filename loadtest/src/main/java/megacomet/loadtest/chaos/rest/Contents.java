package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import megacomet.embedded.RedisServer;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.world.World;

/** What a run has left in Redis: {@code megacomet doctor} finds it whole, and every key will go by itself. */
public final class Contents {

    /** The deployment's identity: its format and how many partitions it has. It is as old as the deployment gets. */
    private static final String EXEMPT = "mc:deployment";

    private static final long TIMEOUT_MS = 30_000;

    /** Scans on from a cursor: the next cursor, how many keys there were, and which of them never expire. */
    private static final String PAGE = """
            local scanned = redis.call('SCAN', ARGV[1], 'COUNT', 1000)
            local reply = {scanned[1], #scanned[2]}
            for _, key in ipairs(scanned[2]) do
              if redis.call('PTTL', key) == -1 then
                reply[#reply + 1] = key
              end
            end
            return reply
            """;

    private final World world;

    public Contents(World world) {
        this.world = world;
    }

    public Verdict check() throws InterruptedException {
        List<String> wrong = AtRest.lookFor(
                TIMEOUT_MS,
                () -> wrong(Commands.run(world.programs().doctor(world.redis().url()))));
        return Verdict.of("Redis is whole", "checked by megacomet doctor", wrong);
    }

    public Verdict expiries() throws IOException {
        List<String> breaches = new ArrayList<>();
        long keys = 0;
        for (RedisServer master : world.redis().masters()) {
            String cursor = "0";
            do {
                List<String> page =
                        master.command("EVAL", PAGE, "0", cursor).lines().toList();
                cursor = page.get(0);
                keys += Long.parseLong(page.get(1));
                page.stream()
                        .skip(2)
                        .filter(key -> !key.equals(EXEMPT))
                        .forEach(key -> breaches.add(key + " on port " + master.port() + " never expires"));
            } while (!cursor.equals("0"));
        }
        return Verdict.of(
                "every key expires",
                "%,d keys; %s, the deployment's own, is to stay".formatted(keys, EXEMPT),
                breaches);
    }

    /** How many files a process may have is this machine's matter. */
    private static List<String> wrong(List<String> said) {
        List<String> wrong = new ArrayList<>();
        boolean isChecked = false;
        boolean isWrong = false;
        for (String line : said) {
            boolean isContinued = line.startsWith(" ");
            isWrong = isContinued ? isWrong : line.startsWith("BAD") && !line.contains("open files");
            isChecked |= line.contains("contents");
            if (isWrong) {
                wrong.add(line.strip());
            }
        }
        if (!isChecked) {
            wrong.add("doctor did not look at the contents: " + String.join(" ", said));
        }
        return wrong;
    }
}
