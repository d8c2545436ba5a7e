package megacomet.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import megacomet.standalone.Converters.Size;
import megacomet.web.Bodies;
import megacomet.web.Doors;
import megacomet.web.Guard;
import megacomet.web.HostNames;
import megacomet.web.Listen;
import megacomet.web.Unsent;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that serves. */
final class ProcessOptionsGroup {

    @Option(
            names = "--instances",
            paramLabel = "N",
            description = "How many verticles, each on an event loop of its own. Default: one a core.")
    Integer instances;

    @Option(
            names = "--management-host",
            paramLabel = "HOST",
            defaultValue = Hosts.LOOPBACK,
            description = "Where health and metrics are. Default: ${DEFAULT-VALUE}.")
    String managementHost;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            defaultValue = "9090",
            description = "Where health and metrics are. Default: ${DEFAULT-VALUE}.")
    int managementPort;

    @Option(
            names = "--management-max-connections",
            paramLabel = "N",
            description = "How many connections are served there at a time. Default: 50, or less where the process may"
                    + " open few files.")
    Integer managementMaxConnections;

    @Option(
            names = "--management-names",
            paramLabel = "NAME",
            split = ",",
            description = "Names by which health and metrics may be asked for, besides IP addresses, localhost,"
                    + " --management-host and the machine's own name.")
    List<String> managementNames = List.of();

    @Option(
            names = "--unsent-max-bytes",
            paramLabel = "SIZE",
            description =
                    "How much of what was written may be unread by all connections together; beyond it those that read"
                            + " nothing are cut. Default: a quarter of the direct memory that the process may have.")
    Size unsentMaxBytes;

    @Option(
            names = "--unsent-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long a connection may read nothing of what was written to it; then it is cut."
                    + " Default: ${DEFAULT-VALUE}.")
    Duration unsentTimeout;

    @Option(
            names = "--bodies-max-bytes",
            paramLabel = "SIZE",
            description = "How much of requests' bodies and WebSockets' messages may be under way, of all connections"
                    + " together. Default: an eighth of the heap.")
    Size bodiesMaxBytes;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "error, warn, info or debug. Default: ${DEFAULT-VALUE}.")
    LogLevel logLevel;

    // A plain switch would be turned off by the command line when its variable has turned it on.
    @Option(
            names = "--open",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Ask nobody for a token or key. Loopback only, to try it out.")
    boolean open;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    int instances() {
        int count = instances != null ? instances : Runtime.getRuntime().availableProcessors();
        Checks.isWithin("--instances", count, 1, 1_024);
        return count;
    }

    /** Returns what all connections together may take. */
    Guard.Budgets budgets() {
        return new Guard.Budgets(unsentLimits(), bodiesMaxBytes());
    }

    private long bodiesMaxBytes() {
        if (bodiesMaxBytes == null) {
            return Bodies.defaultMaxBytes();
        }
        Checks.isWithin("--bodies-max-bytes", bodiesMaxBytes.bytes(), 1 << 20, Long.MAX_VALUE);
        return bodiesMaxBytes.bytes();
    }

    private Unsent.Limits unsentLimits() {
        Checks.isWithin("--unsent-timeout (ms)", unsentTimeout.toMillis(), 1_000, 600_000);
        if (unsentMaxBytes == null) {
            return new Unsent.Limits(Unsent.Limits.DEFAULT.maxBytes(), unsentTimeout.toMillis());
        }
        Checks.isWithin("--unsent-max-bytes", unsentMaxBytes.bytes(), Unsent.Limits.LEAST_MAX_BYTES, 1L << 40);
        return new Unsent.Limits(unsentMaxBytes.bytes(), unsentTimeout.toMillis());
    }

    /** @param maxConnections as {@link OpenFiles} has shared them out */
    Listen management(int maxConnections) {
        Checks.isPort("--management-port", managementPort);
        return new Listen(managementHost, managementPort, null, false, maxConnections);
    }

    /** By which names health and metrics may be asked for. */
    HostNames managementNames() {
        List<String> names = new ArrayList<>(managementNames);
        names.removeIf(String::isBlank);
        names.add(managementHost);
        names.addAll(Hosts.ownNames());
        return new HostNames(names);
    }

    Vertx vertx() {
        log(Level.toLevel(logLevel.name()));
        VertxOptions options =
                new VertxOptions().setEventLoopPoolSize(instances()).setPreferNativeTransport(true);
        options.getFileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        return Doors.vertx(options);
    }

    /** Warns of secrets among the command's arguments, once {@link #vertx} has set the level of the log. */
    void warnOfVisibleSecrets() {
        VisibleSecrets.warn(command.commandLine().getParseResult());
    }

    static void log(Level level) {
        ((Logger) LoggerFactory.getLogger("megacomet")).setLevel(level);
    }
}
