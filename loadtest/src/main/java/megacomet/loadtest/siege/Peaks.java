package megacomet.loadtest.siege;

/**
 * The most that was seen during an attack.
 *
 * @param gatewayRssMb resident memory of the gateway
 * @param publisherRssMb of the publisher
 * @param directMb direct buffers of the gateway, by its metrics
 * @param redisMb by how much more memory Redis used than before
 * @param logLines how many lines gateway and publisher have said in their logs
 * @param unansweredMs how long an operator's question went unanswered, at the longest
 */
public record Peaks(
        double gatewayRssMb,
        double publisherRssMb,
        double directMb,
        double redisMb,
        long logLines,
        long unansweredMs) {}
