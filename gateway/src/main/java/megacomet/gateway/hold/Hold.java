package megacomet.gateway.hold;

import java.util.List;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;

/**
 * One browser waiting, on one event loop. <b>A hold ends exactly once</b>, and says why: see {@link EndReason}. There may
 * be a million of these, so what it keeps is counted in bytes.
 */
public final class Hold {

    /** The life of a hold whose token does not expire. */
    public static final long FOR_EVER = Long.MAX_VALUE;

    final Outlet outlet;
    final Transport transport;
    final int timeoutMs;
    final boolean hasCursor;
    final boolean isFromEarliest;
    List<TopicPattern> follows;
    long seatedMs;
    /** In the room's time. */
    long expiryMs = FOR_EVER;

    Seat seat;
    /** Whether a stream has got its first answer, which tells it the cursor. */
    boolean isGreeted;

    private boolean hasEnded;

    /** One that follows no topics, of a token that does not expire. */
    public Hold(Outlet outlet, Transport transport, int timeoutMs, boolean hasCursor) {
        this(outlet, transport, timeoutMs, hasCursor, FOR_EVER);
    }

    /** One that follows no topics. */
    public Hold(Outlet outlet, Transport transport, int timeoutMs, boolean hasCursor, long lifeMs) {
        this(outlet, transport, timeoutMs, hasCursor, List.of(), false, lifeMs);
    }

    /**
     * @param timeoutMs how long it may wait; 0 to be answered at once; of no meaning for a stream
     * @param hasCursor whether the browser brought a cursor of its own
     * @param follows what it wants to follow, each once; equal lists should be the same one
     * @param isFromEarliest whether it wants all that is kept of topics of which its cursor says nothing
     * @param lifeMs how long it may last at most, because its token expires then; else {@link #FOR_EVER}
     */
    public Hold(
            Outlet outlet,
            Transport transport,
            int timeoutMs,
            boolean hasCursor,
            List<TopicPattern> follows,
            boolean isFromEarliest,
            long lifeMs) {
        this.outlet = outlet;
        this.transport = transport;
        this.timeoutMs = timeoutMs;
        this.hasCursor = hasCursor;
        this.follows = follows;
        this.isFromEarliest = isFromEarliest;
        this.expiryMs = lifeMs;
    }

    /** Notes the end. The caller writes the answer, if any, after this. */
    void end() {
        if (hasEnded) {
            throw new IllegalStateException("a hold ended twice");
        }
        hasEnded = true;
        seat = null;
    }

    /** Whether it has ended; nothing can be done with it then. */
    public boolean hasEnded() {
        return hasEnded;
    }
}
