package megacomet.loadtest.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.Stream;

/** The last message of every stream: whether it has come to everybody who reads the stream. */
final class LastWords {

    private final Recorder recorder;
    private final int firstNumber;
    private final Map<Stream, Integer> readers = new HashMap<>();

    private record Came(String client, int number) {}

    /**
     * @param streams which there are
     * @param firstNumber the number of the first of these messages
     */
    LastWords(Recorder recorder, List<Stream> streams, int firstNumber) {
        this.recorder = recorder;
        this.firstNumber = firstNumber;
        List<Reader> all = recorder.history().readers();
        for (Stream stream : streams) {
            readers.put(stream, (int)
                    all.stream().filter(reader -> reader.reads(stream)).count());
        }
    }

    boolean haveAllCome() {
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
