package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import megacomet.embedded.RedisServer;
import megacomet.model.ClientId;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.Publisher.Published;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.link.RedisUnavailable;
import megacomet.redis.link.RedisUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is published to several clients in one turn of the event loop, or while a script is on its way, which is one script. */
class PublishTogetherIT {

    private static final List<ClientId> CLIENTS =
            IntStream.range(0, 50).mapToObj(i -> new ClientId("c" + i)).toList();

    private RedisServer server;
    private Deployed redis;
    private Publisher publisher;

    @BeforeEach
    void open() throws IOException {
        server = RedisServer.start();
        redis = new Deployed(StoreOptions.of(RedisUrl.parse(server.url())));
        publisher = redis.thread().make(redis.loop()::publisher);
    }

    @AfterEach
    void close() {
        redis.afterEach(null);
        server.close();
    }

    private List<Future<Published>> publish(String id) {
        Publication publication = new Publication("1".getBytes(StandardCharsets.UTF_8), 60_000, id);
        List<Future<Published>> futures = new ArrayList<>();
        redis.thread().await(() -> {
            CLIENTS.forEach(client -> futures.add(publisher.publish(client, publication)));
            return Future.join(futures).otherwiseEmpty();
        });
        return futures;
    }

    private long scripts() throws IOException {
        return server.command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+).*", "$1")))
                .sum();
    }

    @Test
    void itIsOneScript() throws IOException {
        publish(null); // Redis learns the script.
        long before = scripts();
        publish(null);
        assertEquals(before + 1, scripts());
    }

    @Test
    void whatComesInManyTurnsIsFarFewerScripts() throws IOException {
        publish(null);
        long before = scripts();
        redis.thread().await(() -> publishInTurns(0));
        long scripts = scripts() - before;
        assertTrue(scripts <= CLIENTS.size() / 5, scripts + " scripts");
    }

    private Future<?> publishInTurns(int first) {
        Publication publication = new Publication("1".getBytes(StandardCharsets.UTF_8), 60_000, null);
        Promise<Object> later = Promise.promise();
        if (first + 1 < CLIENTS.size()) {
            redis.vertx()
                    .runOnContext(turned -> publishInTurns(first + 1).mapEmpty().onComplete(later));
        } else {
            later.complete();
        }
        return Future.all(publisher.publish(CLIENTS.get(first), publication), later.future());
    }

    /** It was sent, if nobody knows what became of it. */
    @Test
    void aScriptThatIsNotAnsweredHoldsNoOtherUp() throws IOException {
        publish(null);
        server.pause();
        List<Future<Published>> futures = new ArrayList<>();
        Publication publication = new Publication("1".getBytes(StandardCharsets.UTF_8), 60_000, null);
        for (ClientId client : CLIENTS.subList(0, 2)) {
            redis.thread().make(() -> futures.add(publisher.publish(client, publication)));
        }
        for (Future<Published> future : futures) {
            RedisUnavailable failure =
                    assertInstanceOf(RedisUnavailable.class, redis.thread().awaitFailure(() -> future));
            assertTrue(failure.mayHaveHappened(), failure.getMessage());
        }
        server.resume();
        assertTrue(publish(null).get(0).succeeded());
    }

    @Test
    void whatIsWrongWithOneClientReachesNoOther() throws IOException {
        ClientId broken = CLIENTS.get(7);
        Keys keys = new Keys(
                redis.options().prefix(), new Partitions(redis.options().partitions()));
        String mailbox = new String(keys.mailbox(keys.partitions().of(broken), broken), StandardCharsets.UTF_8);
        server.command("SET", mailbox, "no list");
        for (String id : new String[] {null, "once"}) {
            List<Future<Published>> futures = publish(id);
            for (int i = 0; i < CLIENTS.size(); i++) {
                if (CLIENTS.get(i) == broken) {
                    ErrorType error =
                            assertInstanceOf(ErrorType.class, futures.get(i).cause());
                    assertTrue(error.is("WRONGTYPE"), error.getMessage());
                } else {
                    assertTrue(futures.get(i).succeeded(), CLIENTS.get(i).value());
                }
            }
        }
        server.command("DEL", mailbox);
        assertTrue(publish("again").get(7).succeeded());
    }
}
