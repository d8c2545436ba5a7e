package megacomet.loadtest.chaos.faults;

import java.util.Map;
import megacomet.loadtest.chaos.world.Server;

/** A gateway dies; another begins in its place. */
final class GatewayKill implements Fault {

    @Override
    public String name() {
        return "gateway-kill";
    }

    @Override
    public String description() {
        return "a gateway is killed (-9), and another is started on its port";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        Server gateway = scene.choose(scene.world().gateways());
        scene.timeline().during(this, gateway.name(), () -> gateway.replace(Map.of()));
    }
}
