package megacomet.loadtest.soak;

import megacomet.loadtest.chaos.world.Shape;

/**
 * What is asked of a soak.
 *
 * @param seed decides on all that is left to chance
 * @param durationMs how long browsers come and go, all rounds together
 * @param rounds how many of the same length, the first of which is to warm up
 * @param churn how many browsers a second go away and come back
 * @param rate messages a second for single browsers, of all together
 * @param topicRate messages a second for topics, of all together
 * @param lingerMs how long gateways take a client for there that is between two polls; a Bayeux connect is held for as long
 * @param sessionMs how long beyond that a Bayeux session lives without a sign of life
 * @param restMs how long after a round nodes have for no longer following what nobody follows; 0 for none, and not to ask
 *     for it
 * @param ttlMs the most that a message lives
 * @param deafMs how long a browser that waits may be left without a message
 */
public record SoakOptions(
        long seed,
        long durationMs,
        int rounds,
        Shape shape,
        int gateways,
        int browsers,
        double churn,
        double rate,
        double topicRate,
        long lingerMs,
        long sessionMs,
        long restMs,
        long ttlMs,
        long deafMs) {

    /** As gateways have it. */
    private static final long LEAST_LINGER_MS = 1_000;

    /** The shortest lives are of a second, and not all are. */
    private static final long LEAST_TTL_MS = 1_500;

    public SoakOptions {
        require(
                rounds >= 2 && rounds <= 1_000,
                "--rounds must be from 2 to 1000: the first is what others are measured by");
        require(durationMs / rounds >= 500, "--duration must be at least 500ms a round");
        require(gateways >= 1 && gateways <= 50, "--gateways must be from 1 to 50");
        require(browsers >= 1 && browsers <= 20_000, "--browsers must be from 1 to 20000");
        require(churn > 0 && churn <= 10_000, "--churn must be above 0, and 10000 at most");
        require(rate >= 0 && topicRate >= 0, "--rate and --topic-rate must not be negative");
        require(lingerMs >= LEAST_LINGER_MS, "--linger must be at least 1s");
        require(ttlMs >= LEAST_TTL_MS, "--ttl must be at least 1500ms");
        require(deafMs >= 1, "--deaf-bound must be at least 1ms");
    }

    private static void require(boolean isSo, String otherwise) {
        if (!isSo) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
