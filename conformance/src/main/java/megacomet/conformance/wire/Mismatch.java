package megacomet.conformance.wire;

/** The server did something else than the statement says. */
public final class Mismatch extends RuntimeException {

    private final String expected;
    private final String came;
    private final boolean aboutTime;

    public Mismatch(String expected, String came) {
        this(expected, came, false);
    }

    private Mismatch(String expected, String came, boolean aboutTime) {
        super("expected " + expected + ", came " + came);
        this.expected = expected;
        this.came = came;
        this.aboutTime = aboutTime;
    }

    /** It took too long, or not long enough; that may be the doing of the machine on which this runs. */
    public static Mismatch ofTime(String expected, String came) {
        return new Mismatch(expected, came, true);
    }

    /** Whether it is worth another look, with less going on. */
    public boolean isAboutTime() {
        return aboutTime;
    }

    public String expected() {
        return expected;
    }

    public String came() {
        return came;
    }
}
