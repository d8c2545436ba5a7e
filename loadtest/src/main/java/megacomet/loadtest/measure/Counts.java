package megacomet.loadtest.measure;

import java.util.Map;
import java.util.TreeMap;

/** What has happened since the start, in one process or in all. It belongs to one thread. */
public final class Counts {

    /** Beyond so many different reasons, the others are counted as one. */
    private static final int MAX_REASONS = 40;

    private static final int MAX_REASON_LENGTH = 160;

    /** Connections that were made. */
    public long connects;

    /** Requests that ask to wait. */
    public long requests;

    /** Whole answers to them. */
    public long answers;

    /** Messages whose time to be published had come. */
    public long planned;

    /** Messages that the publisher side has accepted. */
    public long published;

    /** Messages that it has refused, or whose connection was lost before it answered. */
    public long refused;

    /** Messages that could not even be sent, because too many waited for an answer already. */
    public long unsent;

    /** Deliveries, without those that came again. */
    public long deliveries;

    /** Deliveries of accepted messages that did not happen. */
    public long lost;

    /** Deliveries of what the browser had got already. */
    public long duplicated;

    /** Deliveries of what should have come before another that had come. */
    public long reordered;

    /** Deliveries of messages that this run did not publish. */
    public long foreign;

    /** Gaps of which the server told a browser. */
    public long gaps;

    /** Connections that ended without our wish. */
    public long drops;

    /** Everything that went wrong, by what it was. */
    public Map<String, Long> errors = new TreeMap<>();

    /** Counts something that went wrong. */
    public void error(String reason) {
        String cut = reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH);
        errors.merge(errors.containsKey(cut) || errors.size() < MAX_REASONS ? cut : "something else", 1L, Long::sum);
    }

    /** All errors together. */
    public long errorsTotal() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    public void add(Counts other) {
        connects += other.connects;
        requests += other.requests;
        answers += other.answers;
        planned += other.planned;
        published += other.published;
        refused += other.refused;
        unsent += other.unsent;
        deliveries += other.deliveries;
        lost += other.lost;
        duplicated += other.duplicated;
        reordered += other.reordered;
        foreign += other.foreign;
        gaps += other.gaps;
        drops += other.drops;
        other.errors.forEach((reason, count) -> errors.merge(reason, count, Long::sum));
    }
}
