package megacomet.loadtest.soak;

import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.rest.Footprint;
import megacomet.loadtest.chaos.rest.Occupancy;
import megacomet.loadtest.chaos.rest.RedisKeys;

/**
 * What came of a round, and what was there when all had left and the time for that was over.
 *
 * @param number from 1
 * @param connections how many were made
 * @param delivered messages that came to browsers
 * @param drops how often a browser went away
 * @param topics how many there were that had never been there before
 * @param failures what went wrong for browsers, and how often
 * @param emptyMs how long it took from the last browser's leaving until nobody was there for anybody
 * @param gateways each gateway, in their order
 */
public record Round(
        int number,
        long connections,
        long delivered,
        long drops,
        long topics,
        Map<String, Integer> failures,
        long emptyMs,
        List<Gateway> gateways,
        RedisKeys keys) {

    /** A gateway at rest. */
    public record Gateway(String name, Footprint footprint, Occupancy occupancy) {}
}
