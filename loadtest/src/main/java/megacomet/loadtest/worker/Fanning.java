package megacomet.loadtest.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import megacomet.loadtest.measure.Latencies;
import org.HdrHistogram.Histogram;

/** Messages to topics on their way to this process's followers. What is complete is said and forgotten. */
final class Fanning {

    private final Map<Key, Histogram> underWay = new HashMap<>();
    private final Consumer<Line> out;

    private record Key(int group, int number) {}

    Fanning(Consumer<Line> out) {
        this.out = out;
    }

    /** @param followers how many of them this process has */
    void delivered(int group, int number, int followers, long latencyUs) {
        Key key = new Key(group, number);
        Histogram latencies = underWay.computeIfAbsent(key, first -> Latencies.empty());
        Latencies.count(latencies, latencyUs);
        if (latencies.getTotalCount() == followers) {
            underWay.remove(key);
            say(key, latencies);
        }
    }

    /** Says what there is; no more will come. */
    void end() {
        underWay.forEach(this::say);
        underWay.clear();
    }

    int size() {
        return underWay.size();
    }

    private void say(Key key, Histogram latencies) {
        out.accept(new Line.Fanned(
                key.group(), key.number(), (int) latencies.getTotalCount(), Latencies.encode(latencies)));
    }
}
