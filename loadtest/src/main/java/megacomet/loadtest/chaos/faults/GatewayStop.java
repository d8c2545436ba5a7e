package megacomet.loadtest.chaos.faults;

import megacomet.loadtest.chaos.world.Server;

/** A gateway stands still, for less or for longer than its lease, and goes on as if nothing had been. */
final class GatewayStop implements Fault {

    private static final long LEAST_MS = 1_000;
    private static final long MOST_MS = 9_000;
    private static final long LONG_MS = 30_000;
    private static final int ONE_IN = 5;

    @Override
    public String name() {
        return "gateway-stop";
    }

    @Override
    public String description() {
        return "a gateway is stopped (SIGSTOP) for 1 to 9 s, now and then 30 s, and goes on";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        Server gateway = scene.choose(scene.world().gateways());
        boolean isLong = scene.hasTimeFor(LONG_MS) && scene.choose(ONE_IN) == 0;
        scene.timeline().during(this, gateway.name(), () -> {
            gateway.pause();
            try {
                scene.last(isLong ? LONG_MS : LEAST_MS, isLong ? LONG_MS : MOST_MS);
            } finally {
                gateway.resume();
            }
            gateway.awaitReady();
        });
    }
}
