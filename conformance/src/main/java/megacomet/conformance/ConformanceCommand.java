package megacomet.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import megacomet.conformance.judge.Discovery;
import megacomet.conformance.judge.Judge;
import megacomet.conformance.judge.Level;
import megacomet.conformance.judge.Run;
import megacomet.conformance.judge.Settings;
import megacomet.conformance.judge.Statement;
import megacomet.conformance.report.HtmlReport;
import megacomet.conformance.report.JsonReport;
import megacomet.conformance.report.MarkdownTable;
import megacomet.conformance.report.TerminalTable;
import megacomet.conformance.wire.Endpoints;
import megacomet.conformance.wire.Http;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Mismatch;
import megacomet.conformance.wire.Outages;
import megacomet.conformance.wire.Transcript;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.Wires;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code conformance}: says of a Bayeux server, anybody's, which statements about the protocol hold.
 *
 * <p>Exit codes: 0 when nothing failed that the specification or a stock client needs, 1 otherwise (also when there is no
 * server), 2 when it was asked wrongly.
 */
@Command(
        name = "conformance",
        description = "Say of any Bayeux server what it keeps of the protocol.",
        mixinStandardHelpOptions = true)
public final class ConformanceCommand implements Callable<Integer> {

    private static final int EXIT_GOOD = 0;
    private static final int EXIT_FAILED = 1;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final long DISCOVERY_PATIENCE_MS = 10_000;
    private static final long TIMEOUT_WITHOUT_ADVICE_MS = 30_000;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server's endpoint, like http://localhost:8080/bayeux.")
    private URI url;

    @Option(
            names = "--second-url",
            paramLabel = "URL",
            description = "The same server's other node: requests go to both at random.")
    private URI secondUrl;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "all",
            description = "long-polling, callback-polling, websocket, or all. Default: ${DEFAULT-VALUE}.")
    private List<String> transports;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            split = ",",
            defaultValue = "must,should,client,hardening",
            description = "Which statements. Default: ${DEFAULT-VALUE}.")
    private List<String> levels;

    @Option(names = "--only", paramLabel = "NUMBER", split = ",", description = "Only the statements of these numbers.")
    private List<Integer> only = List.of();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a report as an HTML page, exchanges included.")
    private Path report;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the same as JSON.")
    private Path json;

    @Option(
            names = "--timeout-ms",
            paramLabel = "MS",
            description = "How long the server holds a connect. Default: what it advises.")
    private Long timeoutMs;

    @Option(
            names = "--max-interval-ms",
            paramLabel = "MS",
            description = "How long beyond its interval a silent session lives. Default: what it advises.")
    private Long maxIntervalMs;

    @Option(
            names = "--body-max-bytes",
            paramLabel = "BYTES",
            defaultValue = "8388608",
            description = "A body of this length must be too long for it. Default: ${DEFAULT-VALUE}.")
    private int bodyMaxBytes;

    @Option(
            names = "--token",
            paramLabel = "TEXT",
            description = "Goes into every handshake as ext.token; a JSON object is the whole ext.")
    private String token;

    @Option(names = "--rejected-token", paramLabel = "TEXT", description = "The same, for one that it must reject.")
    private String rejectedToken;

    @Option(names = "--origin-allowed", paramLabel = "ORIGIN", description = "An origin that it allows.")
    private String originAllowed;

    @Option(
            names = "--origin-denied",
            paramLabel = "ORIGIN",
            defaultValue = "http://elsewhere.invalid",
            description = "An origin that it does not allow. Default: ${DEFAULT-VALUE}.")
    private String originDenied;

    @Option(
            names = "--service-channel",
            paramLabel = "CHANNEL",
            description = "A service channel whose requests are answered.")
    private String serviceChannel;

    @Option(names = "--hosts", paramLabel = "HOST", split = ",", description = "The hosts that it must advise.")
    private List<String> hosts = List.of();

    @Option(
            names = "--channel-root",
            paramLabel = "CHANNEL",
            defaultValue = "/conformance",
            description = "Where the channels begin that are used. Default: ${DEFAULT-VALUE}.")
    private String channelRoot;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Makes a run's random choices those of another run.")
    private Long seed;

    @Option(
            names = "--markdown",
            paramLabel = "NAME=FILE",
            description = "Run nothing; print a table of these JSON reports, a column each, under these names.")
    private Map<String, Path> markdown = new LinkedHashMap<>();

    @Spec
    private CommandSpec spec;

    /** The tool by itself, without the rest of MegaComet. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new ConformanceCommand());
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("conformance: " + failure.getMessage());
            return failure instanceof IllegalArgumentException ? CommandLine.ExitCode.USAGE : EXIT_FAILED;
        });
        return command;
    }

    @Override
    public Integer call() throws IOException {
        if (!markdown.isEmpty()) {
            spec.commandLine().getOut().println(table());
            return EXIT_GOOD;
        }
        Set<Transport> chosen = chosenTransports();
        List<Statement> statements = chosenStatements();
        List<URI> urls = urls();
        long chosenSeed = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        Discovery discovery = discover(client, urls, chosenSeed);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%s offers %s and advises %s; seed %d%n",
                urls, discovery.offered().stream().map(Transport::type).toList(), discovery.advice(), chosenSeed);
        out.flush();
        try (Judge judge = new Judge(settings(urls, discovery), discovery.offered(), client, chosenSeed)) {
            Run run = judge.judge(statements, chosen);
            TerminalTable.print(run, out);
            if (report != null) {
                Files.writeString(report, HtmlReport.of(run));
            }
            if (json != null) {
                Files.writeString(json, JsonReport.of(run));
            }
            return run.isGood() ? EXIT_GOOD : EXIT_FAILED;
        }
    }

    private String table() throws IOException {
        Map<String, JsonNode> reports = new LinkedHashMap<>();
        for (Map.Entry<String, Path> column : markdown.entrySet()) {
            JsonNode parsed = Json.parse(Files.readString(column.getValue()));
            if (parsed.path("statements") instanceof MissingNode) {
                throw new IllegalArgumentException(column.getValue() + " is no report of this tool");
            }
            reports.put(column.getKey(), parsed);
        }
        return MarkdownTable.of(reports);
    }

    private Set<Transport> chosenTransports() {
        Set<Transport> chosen = EnumSet.noneOf(Transport.class);
        for (String name : transports) {
            if (name.equals("all")) {
                chosen.addAll(Transport.EVERY);
            } else {
                chosen.add(Transport.of(name));
            }
        }
        return chosen;
    }

    private List<Statement> chosenStatements() {
        List<Level> chosen = levels.stream().map(Level::of).toList();
        List<Statement> statements = Catalogue.statements().stream()
                .filter(statement ->
                        only.isEmpty() ? chosen.contains(statement.level()) : only.contains(statement.number()))
                .toList();
        if (statements.isEmpty()) {
            throw new IllegalArgumentException("there is no statement of the numbers " + only);
        }
        return statements;
    }

    private List<URI> urls() {
        if (url == null) {
            throw new IllegalArgumentException("--url is needed, or --markdown");
        }
        List<URI> urls = new ArrayList<>(List.of(url));
        if (secondUrl != null) {
            urls.add(secondUrl);
        }
        for (URI each : urls) {
            if (each.getHost() == null || !List.of("http", "https").contains(each.getScheme())) {
                throw new IllegalArgumentException("'" + each + "' is no URL like http://localhost:8080/bayeux");
            }
        }
        return urls;
    }

    private JsonNode credentials() {
        return token == null ? Json.object() : Settings.credentials(token);
    }

    private Discovery discover(HttpClient client, List<URI> urls, long chosenSeed) throws IOException {
        Outages outages = new Outages();
        Http http = new Http(client, new Endpoints(urls, chosenSeed), new Transcript(), outages, DISCOVERY_PATIENCE_MS);
        try {
            return Discovery.of(new Wires(http, outages), credentials(), DISCOVERY_PATIENCE_MS);
        } catch (Mismatch noServer) {
            throw new IOException("no Bayeux server at " + urls + ": " + noServer.getMessage(), noServer);
        }
    }

    private Settings settings(List<URI> urls, Discovery discovery) {
        OptionalLong advisedMaxInterval = discovery.number("maxInterval");
        return new Settings(
                urls,
                timeoutMs != null ? timeoutMs : discovery.number("timeout").orElse(TIMEOUT_WITHOUT_ADVICE_MS),
                discovery.number("interval").orElse(0),
                maxIntervalMs != null ? OptionalLong.of(maxIntervalMs) : advisedMaxInterval,
                bodyMaxBytes,
                credentials(),
                Optional.ofNullable(rejectedToken).map(Settings::credentials),
                Optional.ofNullable(originAllowed),
                originDenied,
                Optional.ofNullable(serviceChannel),
                hosts,
                channelRoot);
    }
}
