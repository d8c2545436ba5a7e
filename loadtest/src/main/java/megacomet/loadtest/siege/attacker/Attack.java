package megacomet.loadtest.siege.attacker;

/**
 * Something that an attacker does. It bounds itself in number and in time, and connects to this machine alone.
 *
 * <p>It runs in a process of its own ({@link AttackerMain}), so that its work is not the honest browsers' and that of the judge; {@link #prepare}
 * runs in the judge's process before, while nothing is measured.
 */
public interface Attack {

    /** Enough to see that nothing breaks at once. */
    long USUAL_MS = 2_000;

    /** Which gateway it needs besides the one at which honest browsers wait. */
    enum Needs {
        /** None. */
        NOTHING,
        /** One without tokens, as developers start it. */
        AN_OPEN_GATEWAY,
        /** One that speaks TLS. */
        A_TLS_GATEWAY
    }

    /** As on the command line and in reports. */
    String name();

    /** What it does, and what of it would be harm, in a line. */
    String description();

    /** How long it takes until it can be judged: an attack with less time is given so much. */
    default long leastMs() {
        return USUAL_MS;
    }

    default Needs needs() {
        return Needs.NOTHING;
    }

    /** Whether somebody who must be refused or cut is among what it does; what the server counts must then rise. */
    default boolean mustBeCounted() {
        return true;
    }

    /**
     * What must be there before: messages, mostly, which an application has published.
     *
     * @return what {@link #run} is to know of it ({@link Besieged#known}), or null
     */
    default String prepare(Besieged target) throws Exception {
        return null;
    }

    /** Attacks until the deadline, and says what came of it. */
    Outcome run(Besieged target, Deadline deadline) throws Exception;
}
