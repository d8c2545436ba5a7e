package megacomet.redis;

/** No more than {@value RevocationLog#MAX_ENTRIES} revocations are kept. */
public final class TooManyRevocations extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyRevocations() {
        super("as many revocations are kept as may be", null, false, false);
    }
}
