package megacomet.loadtest.chaos.world;

import java.util.Locale;

/** How Redis is deployed. */
public enum Shape {
    STANDALONE,
    SENTINEL,
    CLUSTER;

    /** As on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
