package megacomet.gateway.hold;

import megacomet.model.Transport;

/**
 * One browser waiting, on one event loop. <b>A hold ends exactly once</b>, and says why: see {@link EndReason}. There may
 * be a million of these, so what it keeps is counted in bytes.
 */
public final class Hold {

    final Outlet outlet;
    final Transport transport;
    final int timeoutMs;
    final boolean hasCursor;
    long seatedMs;
    Seat seat;
    private boolean hasEnded;

    /**
     * @param timeoutMs how long it may wait; 0 to be answered at once
     * @param hasCursor whether the browser brought a cursor of its own
     */
    public Hold(Outlet outlet, Transport transport, int timeoutMs, boolean hasCursor) {
        this.outlet = outlet;
        this.transport = transport;
        this.timeoutMs = timeoutMs;
        this.hasCursor = hasCursor;
    }

    /** Notes the end. The caller writes the answer, if any, after this. */
    void end() {
        if (hasEnded) {
            throw new IllegalStateException("a hold ended twice");
        }
        hasEnded = true;
        seat = null;
    }

    public boolean hasEnded() {
        return hasEnded;
    }
}
