package megacomet.gateway.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import megacomet.gateway.hold.Advice;
import megacomet.gateway.hold.Answer;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What is read and written of every message: envelopes, cursors and answers; see {@code make bench-jmh}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AnswerBenchmark {

    private static final long NOW_MS = 1_790_000_000_000L;
    private static final Topic NEWS = new Topic("news/today");

    private final AnswerJson json = new AnswerJson();
    private final byte[] data = ("\"" + "x".repeat(198) + "\"").getBytes(StandardCharsets.UTF_8);
    private final byte[] envelope = envelope();
    private final Cursor cursor = new Cursor(
            Cursor.tagOf(new ClientId("user-42")),
            NOW_MS,
            new Position(1, NOW_MS * 1_000),
            new TopicPositions(
                    Map.of(TopicPattern.of(NEWS).tag(), new Position(1, NOW_MS * 1_000)), Set.of(), Map.of()));
    private final String encodedCursor = cursor.encode();
    private final Answer own = answer(new Message(NOW_MS * 1_000, NOW_MS, NOW_MS + 60_000, data));
    private final Answer topics =
            answer(new Message(NEWS, NOW_MS * 1_000, NOW_MS, NOW_MS + 60_000, TopicMode.LOG, null, data));

    private byte[] envelope() {
        return ByteBuffer.allocate(Message.ENVELOPE_HEADER_BYTES + data.length)
                .put((byte) 1)
                .put((byte) 0)
                .putLong(NOW_MS * 1_000)
                .putLong(NOW_MS)
                .putLong(NOW_MS + 60_000)
                .put(data)
                .array();
    }

    private Answer answer(Message message) {
        return new Answer(List.of(message), encodedCursor, null, List.of(), new Advice(true, 0, 55_000), null);
    }

    @Benchmark
    public Object readAnEnvelope() {
        return Message.fromEnvelope(null, ByteBuffer.wrap(envelope));
    }

    /** Of a mailbox and one topic. */
    @Benchmark
    public Object readACursor() {
        return Cursor.parse(encodedCursor);
    }

    @Benchmark
    public Object writeACursor() {
        return cursor.encode();
    }

    @Benchmark
    public Object writeAnAnswer() {
        return json.encode(own);
    }

    /** Its message was written for another before. */
    @Benchmark
    public Object writeAnAnswerWithATopicsMessage() {
        return json.encode(topics);
    }
}
