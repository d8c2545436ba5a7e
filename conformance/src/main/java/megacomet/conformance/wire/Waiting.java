package megacomet.conformance.wire;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Waits for what was asked of the server, and says what is wrong when it does not come. */
public final class Waiting {

    private Waiting() {}

    public static <T> T on(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof TimeoutException) {
                throw new Mismatch("an answer", "none in the time that was allowed");
            }
            if (cause instanceof Mismatch mismatch) {
                throw mismatch;
            }
            throw new Mismatch("an answer", "a connection that failed: " + sentence(cause));
        }
    }

    /** Waits for any end: a response, whatever its status, or that of the connection. */
    public static void untilOver(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new Mismatch("an end of the request", "none in the time that was allowed");
            }
        }
    }

    /** Lets the server do what it was asked, where nothing on the wire says that it has. */
    public static void pauseMs(long pauseMs) {
        try {
            Thread.sleep(pauseMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Mismatch("an end in the time that was allowed", "none");
        }
    }

    static String sentence(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
