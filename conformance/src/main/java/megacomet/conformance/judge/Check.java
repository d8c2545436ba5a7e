package megacomet.conformance.judge;

import megacomet.conformance.wire.Mismatch;

/** Finds out whether a statement holds: returns when it does, throws a {@link Mismatch} or {@link Skipped} otherwise. */
@FunctionalInterface
public interface Check {
    void verify(Probe probe) throws Exception;
}
