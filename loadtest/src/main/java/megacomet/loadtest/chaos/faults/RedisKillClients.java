package megacomet.loadtest.chaos.faults;

import java.io.IOException;
import java.util.List;
import megacomet.embedded.RedisServer;

/** Redis closes everybody's connections of one kind: commands fail on their way, or wakes are not heard. */
final class RedisKillClients implements Fault {

    private static final List<String> KINDS = List.of("normal", "pubsub");

    @Override
    public String name() {
        return "redis-kill-clients";
    }

    @Override
    public String description() {
        return "all connections for commands, or all for subscriptions, are closed (CLIENT KILL TYPE)";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        String kind = scene.choose(KINDS);
        scene.timeline().during(this, kind, () -> {
            for (RedisServer master : scene.world().redis().masters()) {
                kill(master, kind);
            }
        });
    }

    private static void kill(RedisServer master, String kind) throws IOException {
        master.command("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes");
    }
}
