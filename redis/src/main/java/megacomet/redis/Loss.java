package megacomet.redis;

import megacomet.model.ClientId;
import megacomet.model.Gap;

/**
 * Messages of a mailbox that are gone although their client had not confirmed them, as the script found that took them away
 * or found them gone. Each message is in one loss at most; one whose mailbox nobody touches any more is in none.
 *
 * @param reason {@link Gap.Reason#EXPIRED} or {@link Gap.Reason#OVERFLOW}
 * @param count how many
 * @param upTo the highest number of theirs
 */
public record Loss(ClientId client, Gap.Reason reason, long count, long upTo) {

    /** Who is told of losses, on the event loop that found them. */
    public interface Observer {
        /** For whom losses are of no interest. */
        Observer NONE = loss -> {};

        void lost(Loss loss);

        /** Tells of what a script counted, unless that is nothing. */
        default void counted(ClientId client, Gap.Reason reason, long count, long upTo) {
            if (count > 0) {
                lost(new Loss(client, reason, count, upTo));
            }
        }
    }
}
