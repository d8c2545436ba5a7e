package megacomet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import megacomet.redis.StoreLimits;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import megacomet.standalone.Converters.ReadableFile;
import megacomet.standalone.Converters.Size;
import picocli.CommandLine.Option;

/** The options of every command that uses Redis. */
final class RedisOptionsGroup {

    static final String URL_HELP = "redis[s]://[user:password@]host:port[/database],"
            + " redis[s]+sentinel://[user:password@]host:port,.../master-name or"
            + " redis[s]+cluster://[user:password@]host:port,...; user and password percent-encoded";

    private static final int MAX_PASSWORD_BYTES = 4_096;

    @Option(names = "--redis-url", paramLabel = "URL", description = "Where Redis is: " + URL_HELP + ".")
    RedisUrl url;

    @Option(
            names = "--redis-user",
            paramLabel = "TEXT",
            description = "The ACL user of Redis. Default: that of the URL, or Redis's default user.")
    String user;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            description = "File of the password of Redis; a line end at its end does not count. It wins over the URL's:"
                    + " the command line is visible to others.")
    ReadableFile passwordFile;

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

    /** @param otherwise what {@link #given} returned, or where Redis is if that is null */
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
                otherwise,
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

    /** Returns where the options or {@code REDIS_URL} say that Redis is, and who we are there, or null. */
    RedisUrl given() {
        String variable = System.getenv("REDIS_URL");
        if (url != null || variable == null || variable.isEmpty()) {
            return url == null ? null : withCredentials(url);
        }
        return withCredentials(RedisUrl.parse(variable));
    }

    private RedisUrl withCredentials(RedisUrl given) {
        String password = passwordFile == null ? given.password() : password();
        if (user != null && password == null) {
            throw new IllegalArgumentException("--redis-user needs a password: give --redis-password-file");
        }
        return given.withCredentials(user != null ? user : given.user(), password);
    }

    private String password() {
        try {
            if (Files.size(passwordFile.path()) > MAX_PASSWORD_BYTES) {
                throw new IllegalArgumentException(
                        "--redis-password-file has more than " + MAX_PASSWORD_BYTES + " bytes");
            }
            String password = Files.readString(passwordFile.path()).stripTrailing();
            if (password.isEmpty()) {
                throw new IllegalArgumentException("--redis-password-file is empty");
            }
            return password;
        } catch (IOException e) {
            throw new UncheckedIOException("--redis-password-file cannot be read as UTF-8", e);
        }
    }
}
