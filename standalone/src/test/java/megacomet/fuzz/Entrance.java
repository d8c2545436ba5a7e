package megacomet.fuzz;

import java.util.Arrays;
import java.util.Locale;

/** What Jazzer calls: one target, if {@code megacomet.fuzz.target} names it, else the one that the first byte says. */
public final class Entrance {

    private static final String NAME = System.getProperty("megacomet.fuzz.target");
    private static final Target ONE = NAME == null ? null : Target.valueOf(NAME.toUpperCase(Locale.ROOT));
    private static final Target[] ALL = Target.values();

    private Entrance() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        if (ONE != null) {
            ONE.enter(bytes);
        } else if (bytes.length > 0 && bytes[0] >= 0 && bytes[0] < ALL.length) {
            ALL[bytes[0]].enter(Arrays.copyOfRange(bytes, 1, bytes.length));
        }
    }
}
