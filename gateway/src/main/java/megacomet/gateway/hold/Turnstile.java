package megacomet.gateway.hold;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Lets a few pieces of work be in flight at once; the others wait their turn. One thread, an event loop's. */
final class Turnstile {

    private final int atOnce;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int inFlight;

    Turnstile(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Starts the work when it is its turn, which may be now. */
    <T> Future<T> pass(Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        waiting.add(() -> work.get().onComplete(done -> {
            inFlight--;
            startNext();
            promise.handle(done);
        }));
        startNext();
        return promise.future();
    }

    private void startNext() {
        while (inFlight < atOnce && !waiting.isEmpty()) {
            inFlight++;
            waiting.remove().run();
        }
    }
}
