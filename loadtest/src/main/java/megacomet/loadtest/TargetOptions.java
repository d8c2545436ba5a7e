package megacomet.loadtest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import megacomet.loadtest.machine.Proc;
import megacomet.loadtest.machine.Watch;
import megacomet.loadtest.run.RunOptions;
import megacomet.loadtest.wire.Target;
import picocli.CommandLine.Option;

/** What all scenarios are asked: whom to load, how, and where to write what came of it. */
final class TargetOptions {

    private static final int MAX_CONNECTIONS = 10_000;

    @Option(
            names = "--gateway",
            paramLabel = "URL[,URL…]",
            required = true,
            description = "Where browsers connect; they are spread over several.")
    private String gateways;

    @Option(names = "--publisher", paramLabel = "URL[,URL…]", description = "Where applications publish.")
    private String publishers;

    @Option(
            names = "--source",
            paramLabel = "ADDRESS",
            split = ",",
            description = "Addresses of this machine to connect from. Default: the kernel's choice, but for targets on "
                    + "loopback as many of 127.0.0.0/8 as are needed.")
    private List<String> sources = List.of();

    @Option(
            names = "--connect-rate",
            paramLabel = "N",
            defaultValue = "2000",
            description =
                    "Connections a second at the opening, after a beginning that rises to that. Default: ${DEFAULT-VALUE}.")
    private double connectRate;

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How much longer than that the opening may take. Default: ${DEFAULT-VALUE}.")
    private Duration connectTimeout;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "From when all wait to when the measuring begins. Default: ${DEFAULT-VALUE}.")
    private Duration settle;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = DurationConverter.class,
            description =
                    "How long it is published before latencies of single browsers are taken down, because a generator that has"
                            + " just started is late itself. Comes before --duration. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long the last messages may take; what is later, is lost. Default: ${DEFAULT-VALUE}.")
    private Duration drain;

    @Option(
            names = "--hold-timeout",
            paramLabel = "TIME",
            defaultValue = "55s",
            converter = DurationConverter.class,
            description = "How long a poll asks to be held. Default: ${DEFAULT-VALUE}.")
    private Duration holdTimeout;

    @Option(
            names = "--message-ttl",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long a message is kept for a browser that is away. Default: ${DEFAULT-VALUE}.")
    private Duration messageTtl;

    @Option(
            names = "--publish-connections",
            paramLabel = "N",
            defaultValue = "32",
            description =
                    "Connections to the publisher side; each has one message under way. Default: ${DEFAULT-VALUE}.")
    private int publishConnections;

    @Option(
            names = "--client-prefix",
            paramLabel = "TEXT",
            description = "What client ids begin with. Default: one that only this run has.")
    private String clientPrefix;

    @Option(
            names = "--jwt-secret-file",
            paramLabel = "FILE",
            description = "Secret with which each browser's token is made (HS256). Default: no tokens.")
    private Path secretFile;

    @Option(names = "--api-key-file", paramLabel = "FILE", description = "The application's key. Default: none.")
    private Path apiKeyFile;

    @Option(
            names = "--files-per-process",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Open files that a process may have; more browsers get more processes. Default: the system's limit.")
    private int filesPerProcess;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Chooses the recipients. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--watch",
            paramLabel = "[NAME=]PID[,PID…]",
            description =
                    "Processes of the servers, whose memory and CPU are measured; several times for several parts.")
    private List<String> watched = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there.")
    private Path json;

    @Option(names = "--report", paramLabel = "FILE", description = "Write a page with plots there.")
    private Path report;

    RunOptions toRunOptions() {
        require(connectRate > 0, "--connect-rate must be greater than 0");
        require(
                publishConnections >= 1 && publishConnections <= MAX_CONNECTIONS,
                "--publish-connections must be from 1 to " + MAX_CONNECTIONS);
        require(
                clientPrefix == null || clientPrefix.matches("[A-Za-z0-9_.-]{1,100}"),
                "--client-prefix must consist of letters, digits and _.-");
        return new RunOptions(
                Target.parseAll(gateways),
                publishers == null ? List.of() : Target.parseAll(publishers),
                sources,
                connectRate,
                connectTimeout.toMillis(),
                settle.toMillis(),
                warmUp.toMillis(),
                drain.toMillis(),
                holdTimeout.toMillis(),
                messageTtl.toMillis(),
                publishConnections,
                clientPrefix,
                path(secretFile),
                path(apiKeyFile),
                filesPerProcess,
                seed,
                watched.stream().map(TargetOptions::watch).toList(),
                json,
                report);
    }

    private static Watch watch(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? "servers" : text.substring(0, equals);
        List<Long> pids = Arrays.stream(text.substring(equals + 1).split(","))
                .map(TargetOptions::pid)
                .toList();
        return new Watch(name, pids);
    }

    private static long pid(String text) {
        require(
                text.matches("\\d{1,10}") && Proc.isAlive(Long.parseLong(text)),
                "--watch: there is no process " + text);
        return Long.parseLong(text);
    }

    private static String path(Path file) {
        return file == null ? null : file.toString();
    }

    private static void require(boolean isSo, String otherwise) {
        if (!isSo) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
