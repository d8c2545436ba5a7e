package megacomet.redis;

import java.nio.file.Path;
import megacomet.redis.link.RedisUrl;

/**
 * How a process uses Redis. All processes of a deployment must agree on {@code prefix} and {@code partitions}.
 *
 * @param url where Redis is
 * @param trustedCertificates PEM file of the authorities to trust for TLS, or null for the JVM's
 * @param prefix what every key begins with
 * @param partitions how many partitions the deployment has
 * @param timeoutMs how long Redis may leave a command, or a connection attempt, unanswered
 * @param deadlineMs how long a request to Redis may take, all its tries together
 * @param limits of what is kept there
 * @param tellsEvents whether what happens to clients is told in the log of events
 */
public record StoreOptions(
        RedisUrl url,
        Path trustedCertificates,
        String prefix,
        int partitions,
        long timeoutMs,
        long deadlineMs,
        StoreLimits limits,
        boolean tellsEvents) {

    /** Returns the defaults for a Redis. */
    public static StoreOptions of(RedisUrl url) {
        return new StoreOptions(url, null, "mc", Partitions.DEFAULT_COUNT, 2_000, 5_000, StoreLimits.DEFAULT, true);
    }

    /** Returns the same with another prefix. */
    public StoreOptions withPrefix(String other) {
        return new StoreOptions(
                url, trustedCertificates, other, partitions, timeoutMs, deadlineMs, limits, tellsEvents);
    }

    /** Returns the same with other limits. */
    public StoreOptions withLimits(StoreLimits other) {
        return new StoreOptions(
                url, trustedCertificates, prefix, partitions, timeoutMs, deadlineMs, other, tellsEvents);
    }

    /** Whether one script may have keys of several slots: where Redis is no cluster. */
    boolean mayMixSlots() {
        return url.shape() != RedisUrl.Shape.CLUSTER;
    }
}
