package megacomet.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Redis Cluster of loopback servers: masters that share the 16,384 slots evenly and, if asked for, one replica of
 * each. A master that does not answer for a second is replaced by its replica.
 */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;
    private static final String[] OPTIONS = {
        "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-allow-pubsubshard-when-down", "no"
    };

    private final List<RedisServer> masters = new ArrayList<>();
    private final List<RedisServer> replicas = new ArrayList<>();

    private RedisCluster() {}

    /** Starts masters without replicas and waits until every one of them says that the cluster is whole. */
    public static RedisCluster start(int masters) throws IOException {
        return start(masters, false, Map.of(), List.of());
    }

    /**
     * Starts masters, each with a replica, and waits until the replicas have caught up.
     *
     * @param arguments further options of every {@code redis-server}
     */
    public static RedisCluster startWithReplicas(int masters, String... arguments) throws IOException {
        return startWithReplicas(masters, Map.of(), arguments);
    }

    /**
     * Starts masters, each with a replica, and waits until the replicas have caught up.
     *
     * @param ofFirst further variables in the environment of the first master and its replica
     * @param arguments further options of every {@code redis-server}
     */
    public static RedisCluster startWithReplicas(int masters, Map<String, String> ofFirst, String... arguments)
            throws IOException {
        return start(masters, true, ofFirst, List.of(arguments));
    }

    private static RedisCluster start(
            int masterCount, boolean withReplicas, Map<String, String> ofFirst, List<String> more) throws IOException {
        RedisCluster cluster = new RedisCluster();
        String[] options = Stream.concat(Stream.of(OPTIONS), more.stream()).toArray(String[]::new);
        try {
            for (int i = 0; i < masterCount; i++) {
                cluster.masters.add(RedisServer.launch(Ports.free(), i == 0 ? ofFirst : Map.of(), options));
            }
            for (int i = 0; withReplicas && i < masterCount; i++) {
                cluster.replicas.add(RedisServer.launch(Ports.free(), i == 0 ? ofFirst : Map.of(), options));
            }
            for (RedisServer server : cluster.servers()) {
                server.awaitUp();
            }
            cluster.shareSlots();
            cluster.meet();
            cluster.replicate();
            if (!withReplicas) {
                cluster.bePatient();
            }
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The servers that were started as masters, in the order of their slots. */
    public List<RedisServer> masters() {
        return List.copyOf(masters);
    }

    /** The replica of each master, in the masters' order; empty if there are none. */
    public List<RedisServer> replicas() {
        return List.copyOf(replicas);
    }

    /** {@code redis+cluster://127.0.0.1:port,127.0.0.1:port,…}. */
    public String url() {
        return servers().stream()
                .map(server -> "127.0.0.1:" + server.port())
                .collect(Collectors.joining(",", "redis+cluster://", ""));
    }

    @Override
    public void close() {
        servers().forEach(RedisServer::close);
    }

    private List<RedisServer> servers() {
        List<RedisServer> all = new ArrayList<>(masters);
        all.addAll(replicas);
        return all;
    }

    private void shareSlots() throws IOException {
        int count = masters.size();
        for (int i = 0; i < count; i++) {
            String first = "" + SLOTS * i / count;
            String last = "" + (SLOTS * (i + 1) / count - 1);
            masters.get(i).command("CLUSTER", "ADDSLOTSRANGE", first, last);
            masters.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
        }
    }

    private void meet() throws IOException {
        List<RedisServer> all = servers();
        for (RedisServer other : all.subList(1, all.size())) {
            all.get(0).command("CLUSTER", "MEET", "127.0.0.1", "" + other.port());
        }
        for (RedisServer server : all) {
            await(server, "cluster_known_nodes:" + all.size(), "CLUSTER", "INFO");
            await(server, "cluster_state:ok", "CLUSTER", "INFO");
        }
    }

    /** Nobody could take over from a master that stands still, so it is not given up: other tests may have its core. */
    private void bePatient() throws IOException {
        for (RedisServer master : masters) {
            master.command("CONFIG", "SET", "cluster-node-timeout", "15000");
        }
    }

    private void replicate() throws IOException {
        for (int i = 0; i < replicas.size(); i++) {
            String master = masters.get(i).command("CLUSTER", "MYID");
            replicas.get(i).command("CLUSTER", "REPLICATE", master);
        }
        for (int i = 0; i < replicas.size(); i++) {
            awaitInStep(masters.get(i), replicas.get(i));
        }
    }

    /**
     * Waits until both know it: before its link is up a replica would never be promoted, and its master counts it only when it
     * has acknowledged something, which is later.
     */
    static void awaitInStep(RedisServer master, RedisServer replica) throws IOException {
        await(replica, "master_link_status:up", "INFO", "replication");
        await(master, "state=online", "INFO", "replication");
    }

    static void await(RedisServer server, String said, String... command) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RedisServer.START_TIMEOUT_MS);
        String answer = server.command(command);
        while (!answer.contains(said)) {
            if (System.nanoTime() > end) {
                throw new IOException("redis-server on port " + server.port() + " never said " + said + ": " + answer);
            }
            LockSupport.parkNanos(10_000_000);
            answer = server.command(command);
        }
    }
}
