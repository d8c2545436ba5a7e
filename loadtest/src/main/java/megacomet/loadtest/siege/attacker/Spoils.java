package megacomet.loadtest.siege.attacker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what comes of an attack while it goes on. One thread's. */
public final class Spoils {

    private final Map<String, Long> ends = new TreeMap<>();
    private final List<String> gains = new ArrayList<>();
    private long requests;
    private long bytes;

    /** A request, a frame or a connection of so many bytes. */
    public void sent(long ofBytes) {
        requests++;
        bytes += ofBytes;
    }

    /** One of them has ended so. */
    public void ended(String how) {
        ended(how, 1);
    }

    public void ended(String how, long times) {
        if (times > 0) {
            ends.merge(how, times, Long::sum);
        }
    }

    /** The attacker has got what he must not get. */
    public void gained(String what, Object... details) {
        String sentence = what.formatted(details);
        if (!gains.contains(sentence)) {
            gains.add(sentence);
        }
    }

    public long count(String end) {
        return ends.getOrDefault(end, 0L);
    }

    public Outcome outcome() {
        return new Outcome(requests, bytes, new TreeMap<>(ends), List.copyOf(gains));
    }
}
