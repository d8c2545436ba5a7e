package megacomet.loadtest.chaos.faults;

import java.util.List;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.chaos.world.WrongClock;

/** A gateway comes back with another time of day than all others have, and keeps it until it is started again. */
final class GatewayClock implements Fault {

    private static final List<Integer> SECONDS = List.of(60, -60);

    @Override
    public String name() {
        return "gateway-clock";
    }

    @Override
    public String description() {
        return "a gateway is killed (-9), and another is started on its port, its clock a minute ahead or behind";
    }

    @Override
    public String obstacle() {
        return WrongClock.obstacle();
    }

    @Override
    public void strike(Scene scene) throws Exception {
        Server gateway = scene.choose(scene.world().gateways());
        int seconds = scene.choose(SECONDS);
        String what = gateway.name() + ", %+d s".formatted(seconds);
        scene.timeline().during(this, what, () -> gateway.replace(WrongClock.ahead(seconds)));
    }
}
