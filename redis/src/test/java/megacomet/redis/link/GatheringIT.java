package megacomet.redis.link;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import megacomet.embedded.RedisServer;
import megacomet.model.Topic;
import megacomet.redis.Publisher;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.StoreOptions;
import megacomet.redis.TopicSettings;
import megacomet.redis.fixture.Deployed;
import org.junit.jupiter.api.Test;

/** How often Redis must read for many commands. */
class GatheringIT {

    private static final int MESSAGES = 40;

    /** One for each 16 KB, and those of whoever else asks something meanwhile. */
    private static final int MOST_READS = 12;

    @Test
    void whatIsSentInOneTurnOfTheLoopIsReadTogether() throws IOException {
        try (RedisServer server = RedisServer.start()) {
            Deployed redis = new Deployed(StoreOptions.of(RedisUrl.parse(server.url())));
            Publisher publisher = redis.thread().make(redis.loop()::publisher);
            publish(redis, publisher, 1); // Redis learns the script.
            long before = reads(server);
            publish(redis, publisher, MESSAGES);
            long reads = reads(server) - before;
            assertTrue(reads < MOST_READS, reads + " reads for " + MESSAGES + " commands");
            redis.afterEach(null);
        }
    }

    private static void publish(Deployed redis, Publisher publisher, int messages) {
        Publication publication = new Publication("1".getBytes(StandardCharsets.UTF_8), 60_000, null);
        redis.thread()
                .await(() -> Future.join(IntStream.range(0, messages)
                        .mapToObj(i -> publisher.publish(new Topic("t" + i), TopicSettings.DEFAULT, publication))
                        .toList()));
    }

    private static long reads(RedisServer server) throws IOException {
        return server.command("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith("total_reads_processed:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .sum();
    }
}
