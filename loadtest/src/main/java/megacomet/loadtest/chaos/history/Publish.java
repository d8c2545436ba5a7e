package megacomet.loadtest.chaos.history;

/**
 * A message that the application has tried to publish until it was acknowledged, refused for good, or too late.
 *
 * @param number which message of the run it is; of one stream later ones have higher numbers, because the next is not
 *     tried before this one is done with
 * @param stream where to
 * @param ttlMs its life
 * @param sentMs when it was first tried
 * @param ackedMs when it was acknowledged; {@link #NEVER} if it was not
 * @param seq its number in the stream as the acknowledgement has it; 0 without one
 * @param tries how often it was tried
 */
public record Publish(int number, Stream stream, long ttlMs, long sentMs, long ackedMs, long seq, int tries) {

    public static final long NEVER = -1;

    public boolean isAcked() {
        return ackedMs != NEVER;
    }

    /** Where the clock stands when its life is over for certain. */
    public long endMs() {
        return ackedMs + ttlMs;
    }
}
