package megacomet.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import megacomet.web.Listen;
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

    /** Warns of secrets among the command's arguments, once {@link #vertx} has set the level of the log. */
    void warnOfVisibleSecrets() {
        VisibleSecrets.warn(command.commandLine().getParseResult());
    }

    static void log(Level level) {
        ((Logger) LoggerFactory.getLogger("megacomet")).setLevel(level);
    }
}
