package megacomet.publisher;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Answers that may be a moment old, so that asking for the same again and again costs nothing; for one event loop. */
final class Recent<K, V> {

    private final long maxAgeMs;
    private final int maxSize;
    private final Map<K, Asked<V>> known = new LinkedHashMap<>();

    private record Asked<V>(long atMs, Future<V> answer) {}

    /** @param maxSize how many are kept; beyond that the oldest is forgotten */
    Recent(long maxAgeMs, int maxSize) {
        this.maxAgeMs = maxAgeMs;
        this.maxSize = maxSize;
    }

    /** Returns what was answered lately, or asks. A failure is asked again. */
    Future<V> get(K key, Function<K, Future<V>> ask) {
        long nowMs = System.nanoTime() / 1_000_000;
        Asked<V> last = known.get(key);
        if (last != null && !last.answer.failed() && nowMs - last.atMs <= maxAgeMs) {
            return last.answer;
        }
        Future<V> answer = ask.apply(key);
        known.remove(key);
        known.put(key, new Asked<>(nowMs, answer));
        if (known.size() > maxSize) {
            known.remove(known.keySet().iterator().next());
        }
        return answer;
    }
}
