package megacomet.redis.link;

/** What should be on a replica cannot be, because the master has none that is in step; nothing was changed. */
public final class NoReplicas extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoReplicas(Address master) {
        super(master + " has no replica that is online", null, false, false);
    }
}
