package megacomet.loadtest.chaos.faults;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import megacomet.embedded.RedisServer;
import megacomet.loadtest.chaos.world.Shape;

/** Some slots that are in use move to another master, key by key, as redis-cli moves them, while all goes on. */
final class Reshard implements Fault {

    private static final int LOOKS = 30;
    private static final int MOST_SLOTS = 6;
    private static final String KEYS_A_CALL = "50";
    private static final String TIMEOUT_MS = "5000";

    @Override
    public String name() {
        return "reshard";
    }

    @Override
    public String description() {
        return "up to 6 slots that are in use move to another master";
    }

    @Override
    public boolean isFor(Shape shape) {
        return shape == Shape.CLUSTER;
    }

    /** Lives would be wrong by as much as the two masters' clocks differ (docs/operations.md, "Clocks"). */
    @Override
    public boolean isForWrongClock() {
        return false;
    }

    @Override
    public void strike(Scene scene) throws Exception {
        List<RedisServer> masters = scene.world().redis().masters();
        int first = scene.choose(masters.size());
        RedisServer from = masters.get(first);
        RedisServer to = masters.get((first + 1) % masters.size());
        Set<String> slots = slotsInUse(from);
        String on = slots.size() + " slots from port " + from.port() + " to " + to.port();
        scene.timeline().during(this, on, () -> {
            for (String slot : slots) {
                move(slot, from, to, masters);
            }
            scene.awaitServing();
        });
    }

    private static Set<String> slotsInUse(RedisServer server) throws IOException {
        Set<String> slots = new TreeSet<>();
        for (int i = 0; i < LOOKS && slots.size() < MOST_SLOTS; i++) {
            String key = server.command("RANDOMKEY");
            if (key != null && key.contains("{")) {
                slots.add(server.command("CLUSTER", "KEYSLOT", key));
            }
        }
        return slots;
    }

    private static void move(String slot, RedisServer from, RedisServer to, List<RedisServer> masters)
            throws IOException {
        String source = from.command("CLUSTER", "MYID");
        String destination = to.command("CLUSTER", "MYID");
        to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source);
        from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", destination);
        List<String> keys = keysIn(slot, from);
        while (!keys.isEmpty()) {
            for (String key : keys) {
                from.command("MIGRATE", "127.0.0.1", "" + to.port(), key, "0", TIMEOUT_MS);
            }
            keys = keysIn(slot, from);
        }
        to.command("CLUSTER", "SETSLOT", slot, "NODE", destination);
        for (RedisServer master : masters) {
            master.command("CLUSTER", "SETSLOT", slot, "NODE", destination);
        }
    }

    private static List<String> keysIn(String slot, RedisServer server) throws IOException {
        return server.command("CLUSTER", "GETKEYSINSLOT", slot, KEYS_A_CALL)
                .lines()
                .filter(key -> !key.isEmpty())
                .toList();
    }
}
