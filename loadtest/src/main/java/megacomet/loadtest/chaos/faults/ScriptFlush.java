package megacomet.loadtest.chaos.faults;

import megacomet.embedded.RedisServer;

/** Redis forgets all scripts. */
final class ScriptFlush implements Fault {

    @Override
    public String name() {
        return "script-flush";
    }

    @Override
    public String description() {
        return "Redis forgets all scripts (SCRIPT FLUSH)";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        scene.timeline().during(this, "all masters", () -> {
            for (RedisServer master : scene.world().redis().masters()) {
                master.command("SCRIPT", "FLUSH");
            }
        });
    }
}
