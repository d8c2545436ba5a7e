package megacomet.conformance.wire;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Notices that the server was not there at all. A server that dies of one statement takes the sessions of the others that
 * are being judged with it; those are not to blame, and are judged again.
 */
public final class Outages {

    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong lastNs = new AtomicLong(NEVER);

    void notice() {
        lastNs.set(System.nanoTime());
    }

    /** Whether the server was found missing at that time or later. */
    public boolean since(long ns) {
        long last = lastNs.get();
        return last != NEVER && last - ns >= 0;
    }
}
