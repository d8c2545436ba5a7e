package megacomet.loadtest.run;

import java.util.List;
import java.util.Map;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.profile.Profile;

/**
 * What a run has measured; as it is written with {@code --json}.
 *
 * @param scenario its name
 * @param date when it was, with the zone
 * @param machine what it ran on
 * @param java its JVM
 * @param command how it was asked for
 * @param profile what it did
 * @param workers how many processes had the browsers
 * @param wasInterrupted whether it was ended before its time
 * @param heldAtStart browsers that waited after the opening
 * @param heldAtEnd browsers that waited when it ended
 * @param openS how long the opening took
 * @param measuredS how long was measured
 * @param counts what happened
 * @param latency from the planned time of a message to one browser to its delivery
 * @param lateness from the planned time of a message to its writing: the generator's own part in it
 * @param fanout by "first", "half" and "all" of the followers, and "deliveries"; empty without topics
 * @param storms how long browsers were away, one for each storm
 * @param servers the watched processes, by parts
 * @param browsers the processes with the browsers
 * @param kernel the kernel's own memory
 * @param latencyCurve percentiles of all deliveries, for a plot: pairs of percentile and ms
 * @param samples the run second by second
 * @param breaches why the exit code is 1; empty for 0
 */
public record Outcome(
        String scenario,
        String date,
        String machine,
        String java,
        String command,
        Profile profile,
        int workers,
        boolean wasInterrupted,
        int heldAtStart,
        int heldAtEnd,
        double openS,
        double measuredS,
        Counts counts,
        Percentiles latency,
        Percentiles lateness,
        Map<String, Percentiles> fanout,
        List<Storm> storms,
        List<Processes> servers,
        Processes browsers,
        Kernel kernel,
        List<double[]> latencyCurve,
        List<Sample> samples,
        List<String> breaches) {

    /** Processes, together, while it was measured. */
    public record Processes(
            String name, List<Long> pids, double pssMbBefore, double pssMb, double cpuSeconds, double cpuPercent) {}

    /** The kernel's objects (slab), most of which are sockets: both ends, if the servers are on this machine. */
    public record Kernel(double slabMbBefore, double slabMb) {}

    /**
     * A storm.
     *
     * @param back how many were served again
     * @param allBackS when the last of them was; 0 if some were not
     * @param away how long they were away
     */
    public record Storm(long back, double allBackS, Percentiles away) {}
}
