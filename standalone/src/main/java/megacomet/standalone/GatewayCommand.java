package megacomet.standalone;

import java.time.Duration;
import java.util.concurrent.Callable;
import megacomet.gateway.GatewayOptions;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import megacomet.web.Listen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code megacomet gateway}: browsers come in here. Any number of these, beside one another, on one Redis. */
@Command(
        name = "gateway",
        description = "Serve browsers.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true)
final class GatewayCommand implements Callable<Integer> {

    /** How long the process may take to stop besides what draining takes. */
    static final long STOP_TIMEOUT_MS = 10_000;

    private static final Duration DRAIN_LEAD = Duration.ofSeconds(5);

    @Mixin
    private BrowserOptionsGroup browsers;

    @Mixin
    private BayeuxOptionsGroup bayeux;

    @Mixin
    private BrowserLimitsGroup browserLimits;

    @Mixin
    private TopicsOptionsGroup topics;

    @Option(
            names = "--drain-lead",
            paramLabel = "TIME",
            description =
                    "How long the gateway serves on after SIGTERM while /health/ready says 503, so that load balancers"
                            + " send nobody any more. Default: 5s; 0s with --open.")
    private Duration drainLead;

    @Option(
            names = "--drain-time",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "Over how long browsers are sent to other gateways after that. Default: ${DEFAULT-VALUE}.")
    private Duration drainTime;

    @Mixin
    private ProcessOptionsGroup process;

    @Mixin
    private RedisOptionsGroup redis;

    @Override
    public Integer call() throws InterruptedException {
        RedisUrl url = redis.given();
        if (url == null) {
            throw new IllegalArgumentException("--redis-url is needed: " + RedisOptionsGroup.URL_HELP);
        }
        StoreOptions store = redis.toStoreOptions(url);
        OpenFiles files = new OpenFiles();
        Listen management = process.management(files.forManagement(process.managementMaxConnections));
        GatewayOptions gateway = browsers.toGatewayOptions(
                        process.instances(),
                        process.open,
                        files.forBrowsers(browsers.maxConnections),
                        topics.toTopicRules(),
                        null,
                        bayeux.toBayeuxOptions())
                .withBrowserLimits(browserLimits.toBrowserLimits());
        Running running = new Running(process.vertx(), store, process.budgets(), stop(), () -> {});
        running.readAgain(browsers.tokenKeys());
        process.warnOfVisibleSecrets();
        return running.serve(() -> {
            running.serveBrowsers(gateway);
            // The last, when every part that must be ready is known.
            running.serveManagement(management, process.managementNames(), process.open);
        });
    }

    private Running.Stop stop() {
        Duration lead = drainLead != null ? drainLead : process.open ? Duration.ZERO : DRAIN_LEAD;
        Checks.isWithin("--drain-lead (ms)", lead.toMillis(), 0, 600_000);
        Checks.isWithin("--drain-time (ms)", drainTime.toMillis(), 0, 600_000);
        return new Running.Stop(lead.toMillis(), drainTime.toMillis(), STOP_TIMEOUT_MS);
    }
}
