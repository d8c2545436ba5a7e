package megacomet.redis.link;

/**
 * Redis did not do what it was asked to.
 *
 * <p>{@link #mayHaveHappened} is what the caller must know: if false, nothing was changed, and asking again is safe; if
 * true, the request was sent and its answer never came.
 */
public final class RedisUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean mayHaveHappened;

    RedisUnavailable(String message, boolean mayHaveHappened, Throwable cause) {
        super(message, cause, false, false);
        this.mayHaveHappened = mayHaveHappened;
    }

    /** Redis was not asked at all. */
    public static RedisUnavailable notSent(String message, Throwable cause) {
        return new RedisUnavailable(message, false, cause);
    }

    static RedisUnavailable unanswered(String message, Throwable cause) {
        return new RedisUnavailable(message, true, cause);
    }

    /** Whether the request may have had its effect all the same. */
    public boolean mayHaveHappened() {
        return mayHaveHappened;
    }
}
