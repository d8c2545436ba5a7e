package megacomet.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import megacomet.standalone.Converters.Size;
import megacomet.web.Bodies;
import megacomet.web.Listen;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

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

    long bodiesMaxBytes() {
        if (bodiesMaxBytes == null) {
            return Bodies.defaultMaxBytes();
        }
        Checks.isWithin("--bodies-max-bytes", bodiesMaxBytes.bytes(), 1 << 20, Long.MAX_VALUE);
        return bodiesMaxBytes.bytes();
    }

    Listen management() {
        Checks.isPort("--management-port", managementPort);
        return new Listen(managementHost, managementPort, null, false);
    }

    Vertx vertx() {
        log(Level.toLevel(logLevel.name()));
        VertxOptions options =
                new VertxOptions().setEventLoopPoolSize(instances()).setPreferNativeTransport(true);
        options.getFileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        return Vertx.vertx(options);
    }

    static void log(Level level) {
        ((Logger) LoggerFactory.getLogger("megacomet")).setLevel(level);
    }
}
