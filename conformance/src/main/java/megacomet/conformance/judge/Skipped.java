package megacomet.conformance.judge;

/** The statement cannot be judged; the message says why. */
public final class Skipped extends RuntimeException {

    public Skipped(String reason) {
        super(reason);
    }
}
