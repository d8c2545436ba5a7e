package megacomet.loadtest.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.Stream;
import megacomet.loadtest.chaos.publish.Application;

/** The last message of every stream, before which all gaps must have been told: whether it has come to everybody who reads it. */
public final class LastWords {

    private static final long PUBLISH_TIMEOUT_MS = 120_000;

    /** They are awaited so much longer than a browser may be deaf; later they count as lost. */
    private static final long LONGER_MS = 5_000;

    private final Recorder recorder;
    private final int firstNumber;
    private final Map<Stream, Integer> readers = new HashMap<>();

    private record Came(String client, int number) {}

    /** Publishes them, and waits until they are acknowledged. */
    public static LastWords publish(Application application, List<Stream> streams, long ttlMs, Recorder recorder)
            throws InterruptedException {
        LastWords words = new LastWords(recorder, streams, application.published());
        streams.forEach(stream -> application.publish(stream, ttlMs));
        Until.isSo("all is published", PUBLISH_TIMEOUT_MS, () -> application.underWay() == 0);
        return words;
    }

    private LastWords(Recorder recorder, List<Stream> streams, int firstNumber) {
        this.recorder = recorder;
        this.firstNumber = firstNumber;
        List<Reader> all = recorder.history().readers();
        for (Stream stream : streams) {
            readers.put(stream, (int)
                    all.stream().filter(reader -> reader.reads(stream)).count());
        }
    }

    /** Waits until all have come, and returns whether they did before that was out of the question. */
    public boolean comeWithin(long deafMs) throws InterruptedException {
        return Until.isSoWithin(deafMs + LONGER_MS, this::haveAllCome);
    }

    private boolean haveAllCome() {
        History history = recorder.history();
        long due = history.publishes().stream()
                .filter(last -> last.number() >= firstNumber && last.isAcked())
                .map(Publish::stream)
                .mapToInt(readers::get)
                .sum();
        long came = history.deliveries().stream()
                .filter(delivery -> delivery.number() >= firstNumber)
                .map(delivery -> new Came(delivery.client(), delivery.number()))
                .distinct()
                .count();
        return came >= due;
    }
}
