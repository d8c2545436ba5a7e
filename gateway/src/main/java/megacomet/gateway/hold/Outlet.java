package megacomet.gateway.hold;

/**
 * The way out to one browser, made by its transport. Called on the event loop of its waiting room; never throws, and does
 * not tell whether anything arrived: that is what cursors are for.
 */
public interface Outlet {

    /** Writes an answer. Unless this is a stream, that is the end of it, and nothing is called after it. */
    void answer(Answer answer);

    /** Says that Redis cannot be reached and when to come again. That is the end of it. */
    void unavailable(long retryAfterMs);

    /** Whether more than one answer can be written. */
    boolean isStream();
}
