package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.chaos.world.World;

/**
 * Gateways that have lived through all of it take, when everybody has gone, about what they took before anybody came. Classes,
 * compiled code and pools that fill once are what they may have more.
 */
public final class BackToBase {

    private static final int MORE_FILES = 16;
    private static final long MORE_HEAP_KB = 24 << 10;
    private static final long MORE_DIRECT_KB = 64 << 10;
    private static final long TIMEOUT_MS = 10_000;

    private final Map<Server, Footprint> before = new LinkedHashMap<>();
    private final boolean isPossible = Footprint.canBeMeasured();

    /** Before the first browser. */
    public void measure(World world) throws IOException, InterruptedException {
        for (Server gateway : isPossible ? world.gateways() : List.<Server>of()) {
            before.put(gateway, Footprint.of(gateway));
        }
    }

    /** After the last. */
    public Verdict compare() throws InterruptedException {
        List<String> figures = new ArrayList<>();
        List<String> breaches = new ArrayList<>();
        for (Server gateway : before.keySet()) {
            if (gateway.hasSurvived()) {
                Footprint[] now = new Footprint[1];
                breaches.addAll(AtRest.lookFor(TIMEOUT_MS, () -> {
                    now[0] = Footprint.of(gateway);
                    return isBack(before.get(gateway), now[0])
                            ? List.of()
                            : List.of("%s: %s, and before %s".formatted(gateway.name(), now[0], before.get(gateway)));
                }));
                figures.add("%s: %s".formatted(gateway.name(), now[0]));
            }
        }
        String said = isPossible
                ? figures.isEmpty() ? "no gateway has lived through all of it" : String.join("; ", figures)
                : "not measured: there is no jcmd beside this java";
        return Verdict.of("survivors are back to base", said, breaches);
    }

    private static boolean isBack(Footprint before, Footprint now) {
        return now.files() <= before.files() + MORE_FILES
                && now.heapKb() <= before.heapKb() + MORE_HEAP_KB
                && now.directKb() <= before.directKb() + MORE_DIRECT_KB;
    }
}
