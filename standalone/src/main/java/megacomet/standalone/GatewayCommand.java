package megacomet.standalone;

import java.util.concurrent.Callable;
import megacomet.gateway.GatewayOptions;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code megacomet gateway}: browsers come in here. Any number of these, beside one another, on one Redis. */
@Command(
        name = "gateway",
        description = "Serve browsers.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true)
final class GatewayCommand implements Callable<Integer> {

    static final long STOP_TIMEOUT_MS = 10_000;

    @Mixin
    private BrowserOptionsGroup browsers;

    @Mixin
    private BayeuxOptionsGroup bayeux;

    @Mixin
    private TopicsOptionsGroup topics;

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
        GatewayOptions gateway = browsers.toGatewayOptions(
                process.instances(), process.open, topics.toTopicRules(), null, bayeux.toBayeuxOptions());
        Running running = new Running(process.vertx(), store, STOP_TIMEOUT_MS, () -> {});
        return running.serve(() -> {
            running.serveBrowsers(gateway);
            // The last, when every part that must be ready is known.
            running.serveManagement(process.management(), process.open);
        });
    }
}
