package megacomet.fuzz;

/** What the targets say of what they try. No assertion library: it would be instrumented, and its branches taken for ours. */
public final class Holds {

    private Holds() {}

    public static void that(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError(claim);
        }
    }

    public static void equal(Object expected, Object got, String claim) {
        that(java.util.Objects.equals(expected, got), claim);
    }
}
