package megacomet.standalone;

import java.util.concurrent.Callable;
import megacomet.publisher.PublisherOptions;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import megacomet.web.Listen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code megacomet publisher}: applications come in here. */
@Command(
        name = "publisher",
        description = "Serve applications.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true)
final class PublisherCommand implements Callable<Integer> {

    @Mixin
    private PublisherOptionsGroup applications;

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
        OpenFiles files = new OpenFiles();
        Listen management = process.management(files.forManagement(process.managementMaxConnections));
        PublisherOptions publisher = applications.toPublisherOptions(
                process.instances(),
                process.open,
                files.forPublisher(applications.maxConnections),
                0,
                store.limits().mailboxMaxBytes(),
                topics.toTopicRules());
        Running running = new Running(
                process.vertx(),
                store,
                process.budgets(),
                new Running.Stop(0, 0, GatewayCommand.STOP_TIMEOUT_MS),
                () -> {});
        running.readAgain(applications.apiKeys());
        process.warnOfVisibleSecrets();
        return running.serve(() -> {
            running.serveApplications(publisher);
            // The last, when every part that must be ready is known.
            running.serveManagement(management, process.managementNames(), process.open);
        });
    }
}
