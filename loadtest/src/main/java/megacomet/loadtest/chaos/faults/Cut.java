package megacomet.loadtest.chaos.faults;

import java.util.List;
import megacomet.loadtest.chaos.world.Cable;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.chaos.world.Shape;

/** A node and Redis lose each other, for less or for longer than the node's lease; everybody else goes on. */
final class Cut implements Fault {

    private static final long LEAST_MS = 500;
    private static final long MOST_MS = 9_000;
    private static final List<Cable.State> WAYS = List.of(Cable.State.SILENT, Cable.State.ONE_WAY, Cable.State.BROKEN);

    @Override
    public String name() {
        return "cut";
    }

    @Override
    public String description() {
        return "the network between a gateway or publisher and Redis lets nothing, or no answer, pass for 0.5 to 9 s, or breaks";
    }

    /** Nodes would go past the cable: Sentinel and Cluster tell them the servers' own addresses. */
    @Override
    public boolean isFor(Shape shape) {
        return shape == Shape.STANDALONE;
    }

    @Override
    public void strike(Scene scene) throws Exception {
        Server node = scene.choose(scene.world().servers());
        Cable.State way = scene.choose(WAYS);
        Cable cable = scene.world().cableOf(node);
        scene.timeline().during(this, node.name() + "'s " + way.words(), () -> {
            cable.set(way);
            try {
                scene.last(LEAST_MS, MOST_MS);
            } finally {
                cable.set(Cable.State.WHOLE);
            }
            node.awaitReady();
        });
    }
}
