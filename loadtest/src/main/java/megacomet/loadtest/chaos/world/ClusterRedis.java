package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisCluster;
import megacomet.embedded.RedisServer;

/** Three masters, each with a replica. */
final class ClusterRedis implements Redis {

    private static final int MASTERS = 3;

    private final RedisCluster cluster;

    /** @param environment further variables in the environment of one master and its replica */
    ClusterRedis(Map<String, String> environment) throws IOException {
        cluster = RedisCluster.startWithReplicas(MASTERS, environment, OPTIONS);
    }

    @Override
    public String url() {
        return cluster.url();
    }

    @Override
    public List<RedisServer> servers() {
        List<RedisServer> all = new ArrayList<>(cluster.masters());
        all.addAll(cluster.replicas());
        return all;
    }

    @Override
    public boolean isWhole() throws IOException {
        for (RedisServer server : servers()) {
            if (!Redis.says(server, "cluster_state:ok", "CLUSTER", "INFO")
                    || Redis.says(server, "fail", "CLUSTER", "NODES")) {
                return false;
            }
            boolean isMaster = Redis.says(server, "role:master", "INFO", "replication");
            if (!isMaster && !Redis.says(server, "master_link_status:up", "INFO", "replication")) {
                return false;
            }
        }
        return masters().size() == MASTERS;
    }

    @Override
    public String failOver(boolean byKilling, int which) throws IOException, InterruptedException {
        RedisServer master = masters().get(which % MASTERS);
        RedisServer replica = replicaOf(master);
        if (byKilling) {
            master.kill();
        } else {
            replica.command("CLUSTER", "FAILOVER");
        }
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEAL_TIMEOUT_MS);
        while (!Redis.says(replica, "role:master", "INFO", "replication") && System.nanoTime() < endNanos) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        if (byKilling) {
            master.restart();
        }
        return "master on port " + master.port() + (byKilling ? ", killed" : ", in good order");
    }

    @Override
    public void close() {
        cluster.close();
    }

    private RedisServer replicaOf(RedisServer master) throws IOException {
        for (RedisServer server : servers()) {
            if (server != master && Redis.says(server, "master_port:" + master.port() + "\r", "INFO", "replication")) {
                return server;
            }
        }
        throw new IOException("the master on port " + master.port() + " has no replica");
    }
}
