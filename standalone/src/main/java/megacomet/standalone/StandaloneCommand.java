package megacomet.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;
import megacomet.gateway.GatewayOptions;
import megacomet.publisher.PublisherOptions;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import megacomet.web.Guard;
import megacomet.web.Listen;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code megacomet standalone}: both sides in one process, with a Redis of its own unless one is given. */
@Command(
        name = "standalone",
        description = "Serve browsers and applications in one process, with a Redis of its own unless one is given.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true)
final class StandaloneCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(StandaloneCommand.class);
    private static final long READY_TIMEOUT_MS = 20_000;

    /** It must be gone within 2 s of SIGTERM, its Redis too. */
    private static final Running.Stop STOP = new Running.Stop(0, 300, 700);

    /** Ctrl-C reaches Redis as soon as it reaches this process, which must have time to know that it is stopping. */
    private static final long RESTART_AFTER_MS = 300;

    @Mixin
    private BrowserOptionsGroup browsers;

    @Mixin
    private BayeuxOptionsGroup bayeux;

    @Mixin
    private BrowserLimitsGroup browserLimits;

    @Mixin
    private PublisherOptionsGroup applications;

    @Mixin
    private TopicsOptionsGroup topics;

    @Mixin
    private ProcessOptionsGroup process;

    @Mixin
    private RedisOptionsGroup redis;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        // What may be wrong with the options is found out before anything is started.
        String publishUrl = process.open ? "http://localhost:" + applications.port : null;
        OpenFiles files = new OpenFiles();
        Listen management = process.management(files.forManagement(process.managementMaxConnections));
        PublisherOptions publisher = applications.toPublisherOptions(
                process.instances(),
                process.open,
                files.forPublisher(applications.maxConnections),
                browsers.port,
                redis.mailboxMaxBytes.asInt(),
                topics.toTopicRules());
        GatewayOptions gateway = browsers.toGatewayOptions(
                        process.instances(),
                        process.open,
                        files.forBrowsers(browsers.maxConnections),
                        topics.toTopicRules(),
                        publishUrl,
                        bayeux.toBayeuxOptions())
                .withBrowserLimits(browserLimits.toBrowserLimits());
        Guard.Budgets budgets = process.budgets();
        RedisUrl given = redis.given();
        RedisServer embedded = given == null ? RedisServer.startProtected() : null;
        StoreOptions store = redis.toStoreOptions(embedded == null ? given : RedisUrl.parse(embedded.url()));
        Runnable endRedis = () -> {
            if (embedded != null) {
                embedded.close();
            }
        };
        Running running = new Running(process.vertx(), store, budgets, STOP, endRedis);
        if (embedded != null) {
            startAgainWhenEnded(embedded, running);
        }
        running.readAgain(browsers.tokenKeys());
        running.readAgain(applications.apiKeys());
        process.warnOfVisibleSecrets();
        return running.serve(() -> {
            running.serveBrowsers(gateway);
            running.serveApplications(publisher);
            // The last, when every part that must be ready is known.
            running.serveManagement(management, process.managementNames(), process.open);
            if (running.awaitReady(READY_TIMEOUT_MS)) {
                say(store, embedded != null);
            }
        });
    }

    private static void startAgainWhenEnded(RedisServer embedded, Running running) {
        Executor later = CompletableFuture.delayedExecutor(RESTART_AFTER_MS, TimeUnit.MILLISECONDS);
        embedded.whenEnded(() -> later.execute(() -> {
            if (running.isStopping()) {
                return;
            }
            LOG.atWarn().addKeyValue("port", embedded.port()).log("the embedded redis ended; starting it again, empty");
            try {
                embedded.restart();
                startAgainWhenEnded(embedded, running);
            } catch (IOException e) {
                LOG.atError().setCause(e).log("the embedded redis did not start again");
            }
        }));
    }

    private void say(StoreOptions store, boolean isEmbedded) {
        PrintWriter out = spec.commandLine().getOut();
        String who = process.open ? "OPEN to everybody on this machine, to try it out" : "running";
        out.printf("MegaComet is %s; Ctrl-C ends it. Redis: %s%s%n", who, store.url(), isEmbedded ? " (embedded)" : "");
        out.printf(
                "  browsers     http://localhost:%d%s%n",
                browsers.port, process.open ? "/   <- the demo page" : "/v1/poll");
        out.printf(
                "  applications http://localhost:%d/v1/messages   (http://localhost:%1$d/openapi.yaml)%n",
                applications.port);
        out.printf(
                "  operators    http://localhost:%d/health/ready   (http://localhost:%1$d/metrics)%n",
                process.managementPort);
        out.printf(
                "  curl -s http://localhost:%d/v1/messages -H 'content-type: application/json'%s -d '{\"client\":\"42\",\"data\":{\"hi\":1}}'%n",
                applications.port, process.open ? "" : " -H \"authorization: Bearer $API_KEY\"");
        out.flush();
    }
}
