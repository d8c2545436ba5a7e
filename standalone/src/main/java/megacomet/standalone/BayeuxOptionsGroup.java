package megacomet.standalone;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import megacomet.gateway.bayeux.BayeuxOptions;
import picocli.CommandLine.Option;

/** The options of Bayeux. */
final class BayeuxOptionsGroup {

    private static final int MAX_HOSTS = 16;

    @Option(
            names = "--bayeux-paths",
            paramLabel = "PATH",
            split = ",",
            defaultValue = "/bayeux",
            description = "Where CometD and Faye clients connect, as /bayeux,/cometd,/faye; empty for nowhere."
                    + " Default: ${DEFAULT-VALUE}.")
    List<String> paths;

    @Option(
            names = "--bayeux-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long a Bayeux connect is held. Default: ${DEFAULT-VALUE}.")
    Duration timeout;

    @Option(
            names = "--bayeux-interval",
            paramLabel = "TIME",
            defaultValue = "0ms",
            description = "How long Bayeux clients pause between connects. Default: ${DEFAULT-VALUE}.")
    Duration interval;

    @Option(
            names = "--bayeux-max-interval",
            paramLabel = "TIME",
            defaultValue = "65s",
            description = "How long beyond that a Bayeux session lives without a sign of life; tabs in the background"
                    + " may give one a minute. Default: ${DEFAULT-VALUE}.")
    Duration maxInterval;

    @Option(
            names = "--bayeux-max-sessions-per-browser",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many sessions of one browser may hold a connect over HTTP/1.1; -1 for any number."
                    + " Default: ${DEFAULT-VALUE}.")
    int maxSessionsPerBrowser;

    @Option(
            names = "--bayeux-multi-session-interval",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "How long the others pause between connects. Default: ${DEFAULT-VALUE}.")
    Duration multiSessionInterval;

    @Option(
            names = "--bayeux-strict-cookies",
            description = "A Bayeux session is for a browser that takes cookies alone, except over a WebSocket.")
    boolean strictCookies;

    @Option(
            names = "--bayeux-hosts",
            paramLabel = "HOST",
            split = ",",
            description = "Other hosts that Bayeux clients may use, which they are advised.")
    List<String> hosts = List.of();

    @Option(
            names = "--bayeux-inactive",
            paramLabel = "TIME",
            defaultValue = "0ms",
            description = "After how long without anything but connects a Bayeux session is ended; 0 for never."
                    + " Default: ${DEFAULT-VALUE}.")
    Duration inactive;

    @Option(
            names = "--bayeux-strict-services",
            description = "A message to a service channel that nothing answers is an error.")
    boolean strictServices;

    @Option(
            names = "--bayeux-auth-url",
            paramLabel = "URL",
            description = "Who decides on Bayeux handshakes, instead of tokens: an HTTP endpoint of the application.")
    URI authUrl;

    BayeuxOptions toBayeuxOptions() {
        List<String> given = paths.stream().filter(path -> !path.isBlank()).toList();
        for (String path : given) {
            if (!path.matches("/[A-Za-z0-9_.~-]+(/[A-Za-z0-9_.~-]+)*") || path.startsWith("/v1")) {
                throw new IllegalArgumentException("--bayeux-paths: '" + path + "' is no path like /bayeux");
            }
        }
        Checks.isWithin("--bayeux-timeout (ms)", timeout.toMillis(), 1_000, 600_000);
        Checks.isWithin("--bayeux-interval (ms)", interval.toMillis(), 0, 600_000);
        Checks.isWithin("--bayeux-max-interval (ms)", maxInterval.toMillis(), 1_000, 3_600_000);
        Checks.isWithin("--bayeux-max-sessions-per-browser", maxSessionsPerBrowser, -1, 1_000);
        Checks.isWithin("--bayeux-multi-session-interval (ms)", multiSessionInterval.toMillis(), 100, 600_000);
        Checks.isWithin("--bayeux-inactive (ms)", inactive.toMillis(), 0, 604_800_000);
        Checks.isWithin("--bayeux-hosts", hosts.size(), 0, MAX_HOSTS);
        if (authUrl != null
                && (authUrl.getHost() == null || !authUrl.getScheme().matches("https?"))) {
            throw new IllegalArgumentException("--bayeux-auth-url: '" + authUrl + "' is no URL like https://host/path");
        }
        return new BayeuxOptions(
                given,
                (int) timeout.toMillis(),
                (int) interval.toMillis(),
                maxInterval.toMillis(),
                maxSessionsPerBrowser,
                (int) multiSessionInterval.toMillis(),
                strictCookies,
                hosts.stream().filter(host -> !host.isBlank()).toList(),
                inactive.toMillis(),
                strictServices,
                authUrl);
    }
}
