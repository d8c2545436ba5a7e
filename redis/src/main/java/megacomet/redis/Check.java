package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.redis.link.Address;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;

/**
 * Verifies everything that a deployment has in Redis: that every state, list, index and owner is whole and that they agree,
 * that counts are those of the owners, that no key is unknown, and that every key will expire. Changes nothing; may run
 * beside a working deployment, but then the counts may differ from the owners that were found a moment before.
 */
public final class Check {

    private static final Script CHECK = Script.load(Store.class, "check");
    private static final Script CHECK_TOPIC = Script.load(Store.class, "check_topic");
    private static final Script CHECK_PARTITION = Script.load(Store.class, "check_partition");
    private static final int KEYS_A_SCAN = 500;
    private static final int CLIENTS_A_CALL = 50;
    private static final Set<String> OF_CLIENTS = Set.of("state", "mailbox", "owner", "following", "session");
    private static final Set<String> OF_TOPICS = Set.of("topic", "log", "latest");
    private static final Set<String> OF_PARTITIONS =
            Set.of("passed", "recent", "followed", "follows", "names", "sessions");
    private static final Set<String> OTHERS =
            Set.of("id", "topic-id", "ids", "browser-id", "browser-ids", "counters", "answer", "due", "browser");

    private final Masters masters;
    private final Topology topology;
    private final Keys keys;
    private final StoreOptions options;

    Check(Masters masters, Topology topology, Keys keys, StoreOptions options) {
        this.masters = masters;
        this.topology = topology;
        this.keys = keys;
        this.options = options;
    }

    /** Returns what is wrong, a sentence each; nothing if all is well. */
    public Future<List<String>> findings() {
        List<String> findings = new ArrayList<>();
        Map<Integer, Set<ClientId>> owned = new TreeMap<>();
        return inTurn(topology.map().masters(), master -> scan(master, "0", findings, owned))
                .compose(done -> inTurn(List.copyOf(owned.keySet()), p -> checkCounts(p, owned.get(p), findings)))
                .map(done -> findings);
    }

    private Future<Void> scan(
            Address master, String scanCursor, List<String> findings, Map<Integer, Set<ClientId>> owned) {
        Request scan = Request.cmd(Command.SCAN).arg(scanCursor);
        scan.arg("MATCH").arg(keys.all()).arg("COUNT").arg(KEYS_A_SCAN);
        return masters.sendTo(master, scan).compose(reply -> {
            List<String> found = texts(reply.get(1));
            String next = reply.get(0).toString();
            return checkExpiries(master, found, findings)
                    .compose(done -> checkFound(found, findings, owned))
                    .compose(done -> next.equals("0") ? Future.succeededFuture() : scan(master, next, findings, owned));
        });
    }

    /** A key that was there when it was scanned may be gone by now, which is -2 and no finding. */
    private Future<Void> checkExpiries(Address master, List<String> found, List<String> findings) {
        return inTurn(found, key -> {
            if (key.equals(new String(keys.deployment(), java.nio.charset.StandardCharsets.UTF_8))) {
                return Future.succeededFuture();
            }
            return masters.sendTo(master, Request.cmd(Command.PTTL).arg(key))
                    .onSuccess(ttl -> {
                        if (ttl.toLong() == -1) {
                            findings.add(key + ": it never expires");
                        }
                    })
                    .mapEmpty();
        });
    }

    private Future<Void> checkFound(List<String> found, List<String> findings, Map<Integer, Set<ClientId>> owned) {
        TreeMap<Integer, TreeSet<ClientId>> clients = new TreeMap<>();
        TreeSet<Topic> topics = new TreeSet<>();
        for (String key : found) {
            Keys.Parsed parsed = keys.parse(key);
            if (parsed == null) {
                continue; // the deployment's own few keys
            }
            int partition = parsed.partition();
            if (OF_CLIENTS.contains(parsed.kind())) {
                ClientId client = new ClientId(parsed.name());
                clients.computeIfAbsent(partition, none -> new TreeSet<>()).add(client);
                if (parsed.kind().equals("owner")) {
                    owned.computeIfAbsent(partition, none -> new TreeSet<>()).add(client);
                }
            } else if (OF_TOPICS.contains(parsed.kind())) {
                topics.add(new Topic(parsed.name()));
            } else if (OF_PARTITIONS.contains(parsed.kind())) {
                owned.computeIfAbsent(partition, none -> new TreeSet<>());
            } else if (!OTHERS.contains(parsed.kind())) {
                findings.add(key + ": a key of no known kind");
            }
        }
        return inTurn(List.copyOf(clients.keySet()), p -> checkPartition(p, List.copyOf(clients.get(p)), findings))
                .compose(done -> inTurn(List.copyOf(topics), topic -> checkTopic(topic, findings)));
    }

    private Future<Void> checkTopic(Topic topic, List<String> findings) {
        int partition = keys.partitions().of(topic);
        List<byte[]> of = List.of(
                keys.topic(partition, topic),
                keys.log(partition, topic),
                keys.latest(partition, topic),
                keys.names(partition));
        return run(partition, CHECK_TOPIC.call(of, topic), findings);
    }

    private Future<Void> checkCounts(int partition, Set<ClientId> owned, List<String> findings) {
        List<byte[]> of = new ArrayList<>(List.of(
                keys.passed(partition), keys.recent(partition), keys.followed(partition), keys.follows(partition)));
        owned.forEach(client -> of.add(keys.owner(partition, client)));
        return run(partition, CHECK_PARTITION.call(of), findings);
    }

    private Future<Void> run(int partition, Script.Call call, List<String> findings) {
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs())
                .onSuccess(wrong -> findings.addAll(texts(wrong)))
                .mapEmpty();
    }

    private Future<Void> checkPartition(int partition, List<ClientId> clients, List<String> findings) {
        List<List<ClientId>> calls = IntStream.iterate(0, i -> i < clients.size(), i -> i + CLIENTS_A_CALL)
                .mapToObj(i -> clients.subList(i, Math.min(i + CLIENTS_A_CALL, clients.size())))
                .collect(Collectors.toList());
        return inTurn(calls, some -> {
            List<byte[]> of = new ArrayList<>();
            for (ClientId client : some) {
                if (keys.partitions().of(client) != partition) {
                    findings.add(client + ": in partition " + partition + ", where nobody looks for it");
                }
                Collections.addAll(
                        of,
                        keys.state(partition, client),
                        keys.mailbox(partition, client),
                        keys.owner(partition, client),
                        keys.following(partition, client),
                        keys.session(partition, client),
                        keys.sessions(partition));
            }
            return run(partition, CHECK.call(of, some.toArray()), findings);
        });
    }

    private interface Step<T> {
        Future<Void> on(T element);
    }

    private static <T> Future<Void> inTurn(List<T> elements, Step<T> step) {
        Future<Void> chain = Future.succeededFuture();
        for (T element : elements) {
            chain = chain.compose(done -> step.on(element));
        }
        return chain;
    }

    private static List<String> texts(Response reply) {
        List<String> texts = new ArrayList<>();
        reply.forEach(text -> texts.add(text.toString()));
        return texts;
    }
}
