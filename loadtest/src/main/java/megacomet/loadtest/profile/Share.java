package megacomet.loadtest.profile;

/**
 * The browsers of a group that one process has.
 *
 * @param first the index of the first
 * @param count how many
 */
public record Share(int first, int count) {

    /** The share of process {@code worker} of {@code workers}; shares differ by one at most and leave none out. */
    public static Share of(int browsers, int worker, int workers) {
        int first = (int) ((long) browsers * worker / workers);
        int next = (int) ((long) browsers * (worker + 1) / workers);
        return new Share(first, next - first);
    }
}
