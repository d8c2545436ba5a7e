package megacomet.redis;

/** This process must not work with that Redis; the message says why, for the operator. */
public final class Misfit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Misfit(String message) {
        super(message, null, false, false);
    }
}
