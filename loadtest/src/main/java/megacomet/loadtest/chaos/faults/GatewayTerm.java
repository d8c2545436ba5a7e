package megacomet.loadtest.chaos.faults;

import megacomet.loadtest.chaos.world.Server;

/** A gateway is asked to stop, as at every deployment; it must say that it stopped well. */
final class GatewayTerm implements Fault {

    /** Draining is paced. */
    private static final long STOP_TIMEOUT_MS = 60_000;

    @Override
    public String name() {
        return "gateway-term";
    }

    @Override
    public String description() {
        return "a gateway drains (SIGTERM) and must exit with 0; another is started on its port";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        Server gateway = scene.choose(scene.world().gateways());
        scene.timeline().during(this, gateway.name(), () -> {
            int code = gateway.terminate(STOP_TIMEOUT_MS);
            if (code != 0) {
                scene.breach("%s was asked to stop and exited with %d: %s", gateway.name(), code, gateway.lastWords());
                gateway.kill();
            }
            gateway.start();
            gateway.awaitReady();
        });
    }
}
