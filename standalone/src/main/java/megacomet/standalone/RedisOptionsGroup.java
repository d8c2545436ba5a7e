package megacomet.standalone;

import java.time.Duration;
import megacomet.redis.StoreLimits;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import megacomet.standalone.Converters.ReadableFile;
import megacomet.standalone.Converters.Size;
import picocli.CommandLine.Option;

/** The options of every command that uses Redis. */
final class RedisOptionsGroup {

    static final String URL_HELP = "redis[s]://host:port[/database], redis[s]+sentinel://host:port,.../master-name or"
            + " redis[s]+cluster://host:port,...";

    @Option(names = "--redis-url", paramLabel = "URL", description = "Where Redis is: " + URL_HELP + ".")
    RedisUrl url;

    @Option(names = "--redis-ca", paramLabel = "FILE", description = "Authorities to trust for TLS to Redis, PEM.")
    ReadableFile ca;

    @Option(
            names = "--redis-prefix",
            paramLabel = "TEXT",
            defaultValue = "mc",
            description =
                    "What every key begins with; the same for a deployment's processes. Default: ${DEFAULT-VALUE}.")
    String prefix;

    @Option(
            names = "--redis-timeout",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "How long Redis may leave a command unanswered. Default: ${DEFAULT-VALUE}.")
    Duration timeout;

    @Option(
            names = "--redis-deadline",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long a request may wait for Redis, all tries together. Default: ${DEFAULT-VALUE}.")
    Duration deadline;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many partitions the deployment has, 1 to 256; fixed at its first start."
                    + " Default: ${DEFAULT-VALUE}.")
    int partitions;

    @Option(
            names = "--mailbox-max-messages",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many messages a mailbox holds. Default: ${DEFAULT-VALUE}.")
    int mailboxMaxMessages;

    @Option(
            names = "--mailbox-max-bytes",
            paramLabel = "SIZE",
            defaultValue = "1MiB",
            description = "How many bytes a mailbox holds. Default: ${DEFAULT-VALUE}.")
    Size mailboxMaxBytes;

    @Option(
            names = "--ids-max",
            paramLabel = "N",
            defaultValue = "250000",
            description = "How many ids of applications' messages a partition remembers at a time."
                    + " Default: ${DEFAULT-VALUE}.")
    int idsMax;

    @Option(
            names = "--browser-ids-max",
            paramLabel = "N",
            defaultValue = "50000",
            description =
                    "The same of browsers' messages, which have a budget of their own. Default: ${DEFAULT-VALUE}.")
    int browserIdsMax;

    @Option(names = "--no-events", description = "Tell no events of clients. A deployment's processes should agree.")
    boolean noEvents;

    /** @param otherwise where Redis is if the options do not say */
    StoreOptions toStoreOptions(RedisUrl otherwise) {
        Checks.isWithin("--partitions", partitions, 1, 256);
        Checks.isWithin("--mailbox-max-messages", mailboxMaxMessages, 1, 100_000);
        Checks.isWithin("--mailbox-max-bytes", mailboxMaxBytes.bytes(), 128 << 10, 64 << 20);
        Checks.isWithin("--ids-max", idsMax, 1, 10_000_000);
        Checks.isWithin("--browser-ids-max", browserIdsMax, 1, 10_000_000);
        Checks.isWithin("--redis-timeout (ms)", timeout.toMillis(), 100, 60_000);
        Checks.isWithin("--redis-deadline (ms)", deadline.toMillis(), 100, 60_000);
        StoreLimits limits = StoreLimits.DEFAULT;
        return new StoreOptions(
                url != null ? url : otherwise,
                ca == null ? null : ca.path(),
                prefix,
                partitions,
                timeout.toMillis(),
                deadline.toMillis(),
                new StoreLimits(
                                mailboxMaxMessages,
                                mailboxMaxBytes.asInt(),
                                limits.answerMaxMessages(),
                                limits.answerMaxBytes(),
                                limits.wakeMaxBytes(),
                                idsMax)
                        .withBrowserIds(browserIdsMax),
                !noEvents);
    }

    /** Returns where the options or {@code REDIS_URL} say that Redis is, or null. */
    RedisUrl given() {
        String variable = System.getenv("REDIS_URL");
        if (url != null || variable == null || variable.isEmpty()) {
            return url;
        }
        return RedisUrl.parse(variable);
    }
}
