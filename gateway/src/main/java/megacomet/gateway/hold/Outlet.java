package megacomet.gateway.hold;

/**
 * The way out to one browser, made by its transport. Called on the event loop of its waiting room; never throws, and does
 * not tell whether anything arrived: that is what cursors are for.
 */
public interface Outlet {

    /**
     * Writes an answer. Unless this is a stream and the answer does not say {@link Answer#ended}, that is the end of it, and
     * nothing is called after it.
     */
    void answer(Answer answer);

    /**
     * Says that the hold is not taken, or not any more, and when to come again. That is the end of it.
     *
     * @param why {@link EndReason#UNAVAILABLE} or {@link EndReason#TOO_FAST}
     */
    void refuse(EndReason why, long retryAfterMs);

    /** Whether more than one answer can be written. */
    boolean isStream();

    /** Whether an answer must say every reason for which the hold ended early, and not only those that clients must know. */
    default boolean isToldWhy() {
        return isStream();
    }

    /**
     * Of a stream: whether the browser has taken in so much of what was written that more may be. While it has not, messages
     * gather in its seat, within {@link RoomOptions#streamMaxBytes}; {@link WaitingRoom#writable} must follow when it has.
     */
    default boolean isWritable() {
        return true;
    }

    /**
     * Hash of the subject whose token made the hold, if that is another than the hold's client; else 0. Not the subject itself, of
     * which there may be as many as there are holds.
     */
    default int subjectHash() {
        return 0;
    }

    /** Of a stream: writes something that means nothing, so that no proxy takes the connection for dead. */
    default void heartbeat() {}
}
