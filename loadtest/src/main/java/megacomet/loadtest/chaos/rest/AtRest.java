package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks until what it sees is right, or the time for that is over. */
final class AtRest {

    private static final long PAUSE_MS = 250;

    private AtRest() {}

    /** What is wrong now. */
    interface Look {
        List<String> wrong() throws IOException, InterruptedException;
    }

    /** Returns what was still wrong at last; nothing if all is right. */
    static List<String> lookFor(long timeoutMs, Look look) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (true) {
            List<String> wrong = look(look);
            if (wrong.isEmpty() || System.nanoTime() > endNanos) {
                return wrong;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    private static List<String> look(Look look) throws InterruptedException {
        try {
            return look.wrong();
        } catch (IOException e) {
            return new ArrayList<>(List.of("it could not be looked at: " + e));
        }
    }
}
