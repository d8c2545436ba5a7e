package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisSentinels;
import megacomet.embedded.RedisServer;

/** A master and its replica, watched by three sentinels. */
final class SentinelRedis implements Redis {

    private final RedisSentinels group;

    /** @param environment further variables in the environment of both servers */
    SentinelRedis(Map<String, String> environment) throws IOException {
        group = RedisSentinels.start(environment, OPTIONS);
    }

    @Override
    public String url() {
        return group.url();
    }

    @Override
    public List<RedisServer> servers() {
        return List.of(group.master(), group.replica());
    }

    @Override
    public boolean isWhole() throws IOException {
        String master = "\n" + masterPort();
        for (RedisServer sentinel : group.sentinels()) {
            // Else the next failover would find no replica that is good enough.
            boolean agrees = ("\n" + masterAddress(sentinel)).contains(master);
            if (!agrees || Redis.says(sentinel, "s_down", "SENTINEL", "REPLICAS", RedisSentinels.MASTER_NAME)) {
                return false;
            }
        }
        List<RedisServer> masters = masters();
        if (masters.size() != 1 || masters.get(0).port() != masterPort()) {
            return false;
        }
        for (RedisServer server : servers()) {
            if (server != masters.get(0) && !Redis.says(server, "master_link_status:up", "INFO", "replication")) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String failOver(boolean byKilling, int which) throws IOException, InterruptedException {
        int before = masterPort();
        RedisServer master = group.master().port() == before ? group.master() : group.replica();
        if (byKilling) {
            master.kill();
        } else {
            group.sentinels().get(0).command("SENTINEL", "FAILOVER", RedisSentinels.MASTER_NAME);
        }
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEAL_TIMEOUT_MS);
        while (masterPort() == before && System.nanoTime() < endNanos) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        if (byKilling) {
            master.restart();
        }
        return "master on port " + before + (byKilling ? ", killed" : ", in good order");
    }

    @Override
    public void close() {
        group.close();
    }

    private int masterPort() throws IOException {
        return Integer.parseInt(masterAddress(group.sentinels().get(0)).split("\n")[1]);
    }

    private static String masterAddress(RedisServer sentinel) throws IOException {
        return sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", RedisSentinels.MASTER_NAME);
    }
}
