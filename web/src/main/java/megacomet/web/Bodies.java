package megacomet.web;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of request bodies and WebSocket messages the process holds that have begun to come and are not handled yet, and
 * how many it may. Bytes count when they arrive, not when a header announces them: an announcement costs its sender nothing.
 *
 * <p>The buffers behind these bytes may be twice as large, because they grow by doubling. For any thread.
 */
public final class Bodies {

    /** Unless an option says otherwise, bodies may have this part of the heap. */
    private static final int SHARE_OF_HEAP = 8;

    /** How soon somebody who was refused may come back; spread, so that not all do at once. */
    private static final long RETRY_AFTER_MS = 2_000;

    /** Strangers may fill this part of the budget: the rest is there for those who showed a key or have a session. */
    private static final int SHARE_OF_STRANGERS = 2;

    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    /** @param maxBytes how many there may be at a time */
    public Bodies(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Returns how many bytes bodies may have in this JVM unless an option says otherwise. */
    public static long defaultMaxBytes() {
        return Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    }

    /**
     * Counts bytes that came, unless they are too many; {@link #give} must follow if it did.
     *
     * @param isKnown whether it is known who sends them
     */
    public boolean take(int more, boolean isKnown) {
        if (bytes.addAndGet(more) <= (isKnown ? maxBytes : maxBytes / SHARE_OF_STRANGERS)) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    /** Counts bytes that came, even if they are too many: the last ones of a body, which frees what it has when it is handled. */
    public void takeAnyway(int more) {
        bytes.addAndGet(more);
    }

    /** Those bytes are not held any more. */
    public void give(int less) {
        bytes.addAndGet(-less);
    }

    /** How many bytes are held now. */
    public long bytes() {
        return bytes.get();
    }

    /** Returns why something was refused that would have been too much. */
    public static Problem full() {
        long afterMs = RETRY_AFTER_MS / 2 + ThreadLocalRandom.current().nextLong(RETRY_AFTER_MS / 2 + 1);
        return Problem.later(ErrorCode.TOO_MANY_BODIES, afterMs, null);
    }
}
