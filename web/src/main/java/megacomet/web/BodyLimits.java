package megacomet.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * How large a request's body may be, and how slow.
 *
 * @param maxBytes of the whole body
 * @param pace what must have come in time
 * @param strangerMaxBytes how much is read of it before {@code acquaintance} is asked
 * @param acquaintance decides whether the rest is read; null if the sender is known already
 */
public record BodyLimits(int maxBytes, Pace pace, int strangerMaxBytes, Acquaintance acquaintance) {

    /** What must have come after {@link BodyReader#MAX_MS}. */
    public enum Pace {
        /** All of it: browsers' bodies are small. */
        WHOLE,
        /** Some {@link BodyReader#PROGRESS_BYTES} more, again and again: the body may be large and the line slow. */
        PROGRESS
    }

    /** Decides who may send more than a little. */
    public interface Acquaintance {
        /** @param begun what has come of the body so far; not to be changed */
        Future<Boolean> mayGoOn(Buffer begun);
    }

    /** The sender has shown a key, so the whole budget is there for its body. */
    public static BodyLimits ofKnown(int maxBytes, Pace pace) {
        return new BodyLimits(maxBytes, pace, maxBytes, null);
    }

    /** Anybody may send so much, and nobody more. */
    public static BodyLimits ofStranger(int maxBytes, Pace pace) {
        return new BodyLimits(maxBytes, pace, maxBytes, begun -> Future.succeededFuture(false));
    }
}
