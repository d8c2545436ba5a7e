package megacomet.redis.link;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which server answers: Redis or Valkey, and its version, as {@code INFO server} tells it. Knows from which version on each
 * release line has no hole that was published by {@value #KNOWN_UNTIL}.
 *
 * <p>A version says nothing of patches that a distribution or a cloud applied to an older release, so {@link #concern} is a
 * warning and not a reason to stop.
 *
 * @param isValkey whether it is Valkey
 * @param line the release line, as {@code 7.2}
 * @param patch the release within the line
 */
public record ServerBuild(boolean isValkey, String line, int patch) {

    /** The date of the advisories that this class knows. */
    public static final String KNOWN_UNTIL = "2026-12-01";

    private static final Pattern REDIS = Pattern.compile("redis_version:(\\d+\\.\\d+)\\.(\\d+)");
    private static final Pattern VALKEY = Pattern.compile("valkey_version:(\\d+\\.\\d+)\\.(\\d+)");

    /** The first release of each line without known holes; a line that is not here is not maintained any more, or newer. */
    private static final Map<String, Integer> PATCHED_REDIS =
            Map.of("7.2", 16, "7.4", 11, "8.2", 9, "8.4", 6, "8.6", 6, "8.8", 2, "8.10", 1);

    private static final Map<String, Integer> PATCHED_VALKEY =
            Map.of("7.2", 13, "8.0", 9, "8.1", 7, "9.0", 5, "9.1", 1);

    /** Lines that their makers no longer patch. */
    private static final Pattern ABANDONED_REDIS = Pattern.compile("[0-6]\\.\\d+|7\\.0|8\\.0");

    /** Reads it from what {@code INFO server} answered, or returns nothing if that names no version. */
    public static Optional<ServerBuild> parse(String info) {
        Matcher valkey = VALKEY.matcher(info);
        if (valkey.find()) {
            return Optional.of(new ServerBuild(true, valkey.group(1), Integer.parseInt(valkey.group(2))));
        }
        Matcher redis = REDIS.matcher(info);
        return redis.find()
                ? Optional.of(new ServerBuild(false, redis.group(1), Integer.parseInt(redis.group(2))))
                : Optional.empty();
    }

    /** Returns a sentence if this release has known holes as its makers ship it. */
    public Optional<String> concern() {
        Integer patched = (isValkey ? PATCHED_VALKEY : PATCHED_REDIS).get(line);
        if (patched != null) {
            return patch >= patched
                    ? Optional.empty()
                    : Optional.of(this + " has known security holes; " + line + "." + patched + " has them closed");
        }
        if (!isValkey && ABANDONED_REDIS.matcher(line).matches()) {
            return Optional.of(this + " is not patched by its makers any more and has known security holes,"
                    + " unless your distribution closes them (Debian 12: 5:7.0.15-1~deb12u10 or newer)");
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return (isValkey ? "Valkey " : "Redis ") + line + "." + patch;
    }
}
