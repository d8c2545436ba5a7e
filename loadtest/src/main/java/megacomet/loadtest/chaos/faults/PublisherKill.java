package megacomet.loadtest.chaos.faults;

import megacomet.loadtest.chaos.world.Server;

/** A publisher dies with what it was about to say; the application asks another. */
final class PublisherKill implements Fault {

    @Override
    public String name() {
        return "publisher-kill";
    }

    @Override
    public String description() {
        return "a publisher is killed (-9), and another is started on its port";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        Server publisher = scene.choose(scene.world().publishers());
        scene.timeline().during(this, publisher.name(), () -> {
            publisher.kill();
            publisher.start();
            publisher.awaitReady();
        });
    }
}
