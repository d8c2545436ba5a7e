package megacomet.loadtest.chaos.faults;

import megacomet.loadtest.chaos.world.Shape;

/** A misfortune that can be brought about, and is over again when it has been. */
public interface Fault {

    /** As on the command line and in timelines. */
    String name();

    /** What it does, in a line. */
    String description();

    /** Whether it can be had with Redis in that shape. */
    default boolean isFor(Shape shape) {
        return true;
    }

    /** Whether promises hold although the clock of one Redis master is wrong. */
    default boolean isForWrongClock() {
        return true;
    }

    /** Why it cannot be had on this machine, in a sentence; null if it can. */
    default String obstacle() {
        return null;
    }

    /**
     * Brings it about and heals it; returns when all is as it was before.
     *
     * @throws Exception if it could not be healed, which ends the run
     */
    void strike(Scene scene) throws Exception;
}
