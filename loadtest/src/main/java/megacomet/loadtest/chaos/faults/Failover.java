package megacomet.loadtest.chaos.faults;

import megacomet.loadtest.chaos.world.Shape;

/** A replica takes its master's place. What the master had not yet replicated is lost when it is killed. */
final class Failover implements Fault {

    private static final int MANY = 1_000;

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String description() {
        return "a replica takes its master's place: that is killed (-9), or it is asked for (SENTINEL, CLUSTER FAILOVER)";
    }

    @Override
    public boolean isFor(Shape shape) {
        return shape != Shape.STANDALONE;
    }

    @Override
    public void strike(Scene scene) throws Exception {
        boolean byKilling = scene.chooseOne();
        int which = scene.choose(MANY);
        scene.timeline().during(this, byKilling ? "a master is killed" : "in good order", () -> {
            scene.world().redis().failOver(byKilling, which);
            scene.awaitServing();
        });
    }
}
