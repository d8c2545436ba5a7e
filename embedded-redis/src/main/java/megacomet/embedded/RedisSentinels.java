package megacomet.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Redis master, its replica, and three sentinels that watch them: a master that does not answer for a second is
 * replaced by its replica.
 */
public final class RedisSentinels implements AutoCloseable {

    /** The name by which sentinels know the master. */
    public static final String MASTER_NAME = "mymaster";

    private static final int SENTINELS = 3;

    private final RedisServer master;
    private final RedisServer replica;
    private final List<RedisServer> sentinels = new ArrayList<>();
    private final List<Path> configurations = new ArrayList<>();

    private RedisSentinels(RedisServer master, RedisServer replica) {
        this.master = master;
        this.replica = replica;
    }

    /**
     * Starts all of it and waits until the replica has caught up and the sentinels know it and each other.
     *
     * @param arguments further options of both servers
     */
    public static RedisSentinels start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /**
     * Starts all of it and waits until the replica has caught up and the sentinels know it and each other.
     *
     * @param environment further variables in the environment of both servers, not of the sentinels
     * @param arguments further options of both servers
     */
    public static RedisSentinels start(Map<String, String> environment, String... arguments) throws IOException {
        RedisServer master = RedisServer.start(environment, arguments);
        List<String> ofReplica = new ArrayList<>(List.of("--replicaof", "127.0.0.1 " + master.port()));
        ofReplica.addAll(List.of(arguments));
        RedisServer replica = RedisServer.start(environment, ofReplica.toArray(String[]::new));
        RedisSentinels group = new RedisSentinels(master, replica);
        try {
            RedisCluster.awaitInStep(master, replica);
            group.startSentinels();
            return group;
        } catch (IOException | RuntimeException e) {
            group.close();
            throw e;
        }
    }

    /** The server that was started as master. */
    public RedisServer master() {
        return master;
    }

    /** The server that was started as its replica. */
    public RedisServer replica() {
        return replica;
    }

    /** Those who watch them. */
    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /** {@code redis+sentinel://127.0.0.1:port,…/mymaster}. */
    public String url() {
        return sentinels.stream()
                .map(server -> "127.0.0.1:" + server.port())
                .collect(Collectors.joining(",", "redis+sentinel://", "/" + MASTER_NAME));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisServer::close);
        replica.close();
        master.close();
        configurations.forEach(file -> file.toFile().delete());
    }

    /** Sentinels are started after the replica is up: they look for replicas at once, and then only every 10 s. */
    private void startSentinels() throws IOException {
        for (int i = 0; i < SENTINELS; i++) {
            Path configuration = Files.createTempFile("megacomet-sentinel", ".conf");
            configurations.add(configuration);
            Files.writeString(configuration, """
                    sentinel monitor %1$s 127.0.0.1 %2$d 2
                    sentinel down-after-milliseconds %1$s 1000
                    sentinel failover-timeout %1$s 3000
                    """.formatted(MASTER_NAME, master.port()));
            sentinels.add(RedisServer.launch(Ports.free(), Map.of(), configuration.toString(), "--sentinel"));
        }
        for (RedisServer sentinel : sentinels) {
            sentinel.awaitUp();
        }
        for (RedisServer sentinel : sentinels) {
            String[] ask = {"SENTINEL", "MASTER", MASTER_NAME};
            RedisCluster.await(sentinel, "num-slaves\n1", ask);
            RedisCluster.await(sentinel, "num-other-sentinels\n" + (SENTINELS - 1), ask);
        }
    }
}
