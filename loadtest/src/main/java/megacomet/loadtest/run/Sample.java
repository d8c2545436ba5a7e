package megacomet.loadtest.run;

/**
 * A second of a run.
 *
 * @param atS when it ended, in seconds since the browsers began to connect
 * @param connected browsers with a connection
 * @param held browsers that wait
 * @param deliveriesPerS deliveries
 * @param publishedPerS messages accepted
 * @param connectsPerS connections made
 * @param errorsPerS what went wrong
 * @param p50Ms latency of the deliveries to single browsers
 * @param p99Ms the same
 * @param p999Ms the same
 * @param serversRssMb resident memory of the watched processes
 * @param serversCpuPercent their CPU; 100 is one core
 */
public record Sample(
        double atS,
        int connected,
        int held,
        double deliveriesPerS,
        double publishedPerS,
        double connectsPerS,
        double errorsPerS,
        double p50Ms,
        double p99Ms,
        double p999Ms,
        double serversRssMb,
        double serversCpuPercent) {}
