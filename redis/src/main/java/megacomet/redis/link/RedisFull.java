package megacomet.redis.link;

/** Redis has reached its {@code maxmemory} and takes no more; nothing was changed. */
public final class RedisFull extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RedisFull(String message) {
        super(message, null, false, false);
    }
}
