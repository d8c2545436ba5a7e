package megacomet.loadtest;

import java.nio.file.Path;
import java.time.Duration;
import megacomet.loadtest.chaos.world.Shape;
import picocli.CommandLine.Option;

/** What runs that start Redis, gateways and publishers themselves have in common. */
final class WorldOptions {

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides on all that is left to chance. Default: another each time; it is printed.")
    private Long seed;

    @Option(
            names = "--redis",
            paramLabel = "SHAPE",
            defaultValue = "standalone",
            description = "standalone, sentinel or cluster. Default: ${DEFAULT-VALUE}.")
    private Shape shape;

    @Option(
            names = {"-n", "--browsers"},
            paramLabel = "N",
            defaultValue = "2000",
            description = "How many browsers, on all transports. Default: ${DEFAULT-VALUE}.")
    private int browsers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "Messages a second, each to one browser. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--deaf-bound",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description =
                    "How long a waiting browser may be without a message while nothing is broken. Default: ${DEFAULT-VALUE}.")
    private Duration deafBound;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the outcome there.")
    private Path json;

    /** The same each time it is asked. */
    long seed() {
        if (seed == null) {
            seed = System.nanoTime() % 1_000_000;
        }
        return seed;
    }

    Shape shape() {
        return shape;
    }

    int browsers() {
        return browsers;
    }

    double rate() {
        return rate;
    }

    long deafMs() {
        return deafBound.toMillis();
    }

    /** Null if it is not to be written. */
    Path json() {
        return json;
    }
}
