package megacomet.conformance;

/** Finds out whether a statement holds: returns when it does, throws a {@link Mismatch} or {@link Skipped} otherwise. */
@FunctionalInterface
public interface Check {
    void verify(Probe probe) throws Exception;
}
