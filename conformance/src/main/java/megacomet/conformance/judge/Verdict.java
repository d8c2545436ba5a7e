package megacomet.conformance.judge;

/** What was found out about a statement on a transport. */
public enum Verdict {
    PASS,
    FAIL,
    /** Nothing could be found out: a setting was not given, or the server does not offer what it is about. */
    SKIPPED;

    /** The verdict over several transports: one failure fails the statement, one pass is better than none. */
    public Verdict and(Verdict other) {
        if (this == FAIL || other == FAIL) {
            return FAIL;
        }
        return this == PASS || other == PASS ? PASS : SKIPPED;
    }
}
