package megacomet.loadtest.chaos;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for something that comes by itself. */
public final class Until {

    private static final long LOOK_MS = 50;

    private Until() {}

    /** @throws IllegalStateException if it has not come in time */
    public static void isSo(String what, long timeoutMs, BooleanSupplier isSo) throws InterruptedException {
        if (!isSoWithin(timeoutMs, isSo)) {
            throw new IllegalStateException("not within " + timeoutMs / 1_000 + " s: " + what);
        }
    }

    /** Returns whether it has come in time. */
    static boolean isSoWithin(long timeoutMs, BooleanSupplier isSo) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        return true;
    }
}
