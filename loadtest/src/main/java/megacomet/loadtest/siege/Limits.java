package megacomet.loadtest.siege;

/**
 * How much an attack may cost.
 *
 * @param honestP99Ms from when a message was sent until an honest browser had it, of 99 in a hundred
 * @param gatewayRssMb resident memory of a gateway or publisher with a heap of 256 MB
 * @param directMb direct buffers of the gateway
 * @param redisMb by how much Redis may grow
 * @param logLines how many lines may be written to logs
 * @param unansweredMs how long an operator's question may wait
 */
public record Limits(
        long honestP99Ms, long gatewayRssMb, long directMb, long redisMb, long logLines, long unansweredMs) {

    /** What is promised on a machine that does nothing else. */
    public static final Limits PROMISED = new Limits(1_000, 512, 128, 48, 200, 5_000);

    public Limits withTimes(int factor) {
        return new Limits(factor * honestP99Ms, gatewayRssMb, directMb, redisMb, logLines, factor * unansweredMs);
    }
}
