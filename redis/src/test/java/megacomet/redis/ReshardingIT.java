package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import megacomet.embedded.RedisCluster;
import megacomet.embedded.RedisServer;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes.Claim;
import megacomet.redis.Mailboxes.Claimed.Owned;
import megacomet.redis.Publisher.Outcome;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.Publisher.Published;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A slot moves to another master of the cluster while its partition is in use. */
class ReshardingIT {

    private static final ClientId CLIENT = new ClientId("42");
    private static final NodeId NODE = NodeId.random();

    @Test
    void whatIsPublishedWhileASlotMovesIsStoredInOrderAndHeardAfterwards() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(3)) {
            Deployed redis = new Deployed(StoreOptions.of(RedisUrl.parse(cluster.url())));
            MembershipContract.Heard heard = new MembershipContract.Heard();
            Membership membership = redis.store()
                    .join(NODE, heard, () -> "{}")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            Awaitility.await().until(membership::isComplete);
            Mailboxes mailboxes = redis.thread().make(() -> redis.loop().mailboxes(NODE, 0));
            Publisher publisher = redis.thread().make(redis.loop()::publisher);
            Owned before = claim(redis, mailboxes, null);
            publish(redis, publisher, 0, 100);

            int partition = redis.store().partitions().of(CLIENT);
            int slot = redis.store().partitions().slot(partition);
            RedisServer from = cluster.masters().get(slot * 3 / 16_384);
            RedisServer to = cluster.masters().get((slot * 3 / 16_384 + 1) % 3);
            to.command("CLUSTER", "SETSLOT", "" + slot, "IMPORTING", from.command("CLUSTER", "MYID"));
            from.command("CLUSTER", "SETSLOT", "" + slot, "MIGRATING", to.command("CLUSTER", "MYID"));
            List<Future<Published>> during = start(redis, publisher, 100, 300);
            heard.deaf.clear();
            heard.toReadAgain.clear();
            moveKeys(from, to, slot);
            for (RedisServer master : cluster.masters()) {
                master.command("CLUSTER", "SETSLOT", "" + slot, "NODE", to.command("CLUSTER", "MYID"));
            }

            redis.thread().await(() -> Future.all(during));
            Awaitility.await().until(() -> heard.toReadAgain.contains(partition) && membership.isComplete());
            Batch100 after = readAll(redis, mailboxes, before);
            assertEquals(300, after.data.size());
            for (int i = 0; i < 300; i++) {
                assertEquals("" + i, after.data.get(i));
            }
            assertEquals(new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER), after.gap, "another master, so nobody can know");
            heard.wakes.clear();
            assertEquals(
                    Outcome.SENT, publish(redis, publisher, 300, 301).get(0).outcome());
            assertInstanceOf(Wake.Appended.class, heard.next().wake());
            assertTrue(heard.deaf.contains(partition));
            membership.leave().toCompletionStage().toCompletableFuture().join();
            redis.afterEach(null);
        }
    }

    private record Batch100(List<String> data, Gap gap) {}

    private static Owned claim(Deployed redis, Mailboxes mailboxes, Cursor cursor) {
        Claim claim = new Claim(CLIENT, Transport.JSON, Page.UNKNOWN, cursor);
        return (Owned) redis.thread().await(() -> mailboxes.claim(claim));
    }

    private static Batch100 readAll(Deployed redis, Mailboxes mailboxes, Owned before) {
        Cursor cursor = new Cursor(
                Cursor.tagOf(CLIENT), before.masterMs(), before.batch().position());
        Owned read = claim(redis, mailboxes, cursor);
        List<String> data = new ArrayList<>();
        for (Message message : read.batch().messages()) {
            data.add(new String(message.data(), StandardCharsets.UTF_8));
        }
        return new Batch100(data, read.batch().gap());
    }

    private static List<Published> publish(Deployed redis, Publisher publisher, int from, int to) {
        List<Future<Published>> all = start(redis, publisher, from, to);
        return redis.thread().await(() -> Future.all(all).map(done -> done.<Published>list()));
    }

    private static List<Future<Published>> start(Deployed redis, Publisher publisher, int from, int to) {
        List<Future<Published>> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Publication publication = new Publication(("" + i).getBytes(StandardCharsets.UTF_8), 60_000, null);
            all.add(redis.thread().start(() -> publisher.publish(CLIENT, publication)));
        }
        return all;
    }

    private static void moveKeys(RedisServer from, RedisServer to, int slot) throws IOException {
        String keys = from.command("CLUSTER", "GETKEYSINSLOT", "" + slot, "1000");
        for (String key : keys.lines().filter(line -> !line.isEmpty()).toList()) {
            from.command("MIGRATE", "127.0.0.1", "" + to.port(), key, "0", "5000");
        }
    }
}
