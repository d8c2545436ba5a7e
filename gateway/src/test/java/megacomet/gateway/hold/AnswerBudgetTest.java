package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import org.junit.jupiter.api.Test;

/** What one answer holds at most, however much its client missed, and what is read for it at most. */
class AnswerBudgetTest extends RoomFixture {

    private static final int MOST = 5;
    private static final int MOST_BYTES = 200;
    private static final TopicPattern EVERYTHING = new TopicPattern("**");

    /** How many reads one step asks for at most: see {@link Patterns}. */
    private static final int READS_A_STEP = 4;

    @Override
    RoomOptions options() {
        return OPTIONS.withAnswers(MOST, MOST_BYTES);
    }

    private List<String> publishToTopics(int count) {
        IntStream.range(0, count).forEach(i -> publish(new Topic("news/" + i), "" + i));
        return IntStream.range(0, count).mapToObj(i -> "" + i).sorted().toList();
    }

    private void publish(Topic topic, String data) {
        redis.publish(topic, data.getBytes(StandardCharsets.UTF_8), 600_000);
    }

    /** Polls until there is nothing more, and returns all that came. */
    private List<String> pollForAll(WaitingRoom where, String cursor, TopicPattern... names) {
        List<String> all = new ArrayList<>();
        String at = cursor;
        for (int polls = 0; polls < 100; polls++) {
            RecordedOutlet outlet = pollFor(where, at, names);
            if (!outlet.isAnswered()) {
                return all.stream().sorted().toList();
            }
            assertFitsTheBudget(outlet.answer);
            all.addAll(outlet.data());
            at = outlet.answer.cursor();
        }
        throw new AssertionError("it never ends: " + all);
    }

    private static void assertFitsTheBudget(Answer answer) {
        int bytes = answer.messages().stream().mapToInt(Message::bytes).sum();
        int largest = answer.messages().stream().mapToInt(Message::bytes).max().orElse(0);
        assertTrue(answer.messages().size() <= MOST, answer.messages().size() + " messages");
        assertTrue(bytes <= MOST_BYTES + largest, bytes + " bytes");
    }

    @Test
    void aPollOfEverythingComesInPiecesAndEachMessageOnce() {
        String cursor = timedOutFollowingEverything();
        List<String> published = publishToTopics(40);
        redis.wakes.clear();
        assertEquals(published, pollForAll(elsewhere, cursor, EVERYTHING));
    }

    @Test
    void thePiecesMayComeFromAnotherNodeEachTime() {
        String at = timedOutFollowingEverything();
        List<String> published = publishToTopics(40);
        hear();
        pass(30_000); // The client's seat is gone.
        redis.answerAll();
        List<String> all = new ArrayList<>();
        for (int polls = 0; all.size() < published.size(); polls++) {
            RecordedOutlet outlet = pollFor(polls % 2 == 0 ? elsewhere : room, at, EVERYTHING);
            assertFitsTheBudget(outlet.answer);
            all.addAll(outlet.data());
            at = outlet.answer.cursor();
        }
        assertEquals(published, all.stream().sorted().toList());
    }

    @Test
    void largeMessagesFillAnAnswerByTheirBytes() {
        String cursor = timedOutFollowingEverything();
        String large = "x".repeat(MOST_BYTES - Message.ENVELOPE_HEADER_BYTES - 10);
        for (int i = 10; i < 30; i++) {
            publish(new Topic("news/" + i), large + i);
        }
        redis.wakes.clear();
        assertEquals(20, pollForAll(elsewhere, cursor, EVERYTHING).size());
    }

    @Test
    void theMailboxNamedTopicsAndPatternsShareOneBudget() {
        TopicPattern[] names = {new TopicPattern("a"), new TopicPattern("b"), new TopicPattern("news/**")};
        RecordedOutlet first = pollFor(room, null, names);
        pass(60_000);
        redis.answerAll();
        List<String> expected = new ArrayList<>(publishToTopics(12));
        for (int i = 0; i < 4; i++) {
            publish("mail-" + i);
            publish(new Topic("a"), "a-" + i);
            publish(new Topic("b"), "b-" + i);
            expected.addAll(List.of("mail-" + i, "a-" + i, "b-" + i));
        }
        redis.wakes.clear();
        List<String> all = pollForAll(elsewhere, first.answer.cursor(), names);
        assertEquals(expected.stream().sorted().toList(), all);
    }

    @Test
    void whatPassesWhileAnAnswerIsGatheredMayNotOverfillItAndComesWithTheNext() {
        String cursor = timedOutFollowingEverything();
        RecordedOutlet held = pollFor(room, cursor, EVERYTHING);
        List<String> published = publishToTopics(23);
        hear(); // All in one turn.
        assertFitsTheBudget(held.answer);
        List<String> all = new ArrayList<>(held.data());
        all.addAll(pollForAll(room, held.answer.cursor(), EVERYTHING));
        assertEquals(published, all.stream().sorted().toList());
    }

    @Test
    void ofAHundredClientsThatAskForEverythingAtOnceAFewAreReadForAtATime() {
        String cursor = timedOutFollowingEverything();
        List<String> published = publishToTopics(40);
        redis.wakes.clear();
        List<RecordedOutlet> outlets = seatMany(elsewhere, cursor);
        int most = 0;
        for (int answered = 0; redis.asked() > 0; answered++) {
            redis.answerNext();
            most = answered > 500 ? Math.max(most, redis.asked()) : most; // They are claimed first.
        }
        assertTrue(most <= Recoveries.AT_ONCE * READS_A_STEP, most + " reads at once");
        outlets.forEach(outlet -> assertFitsTheBudget(outlet.answer));
        assertEquals(MOST, outlets.get(99).data().size(), "of " + published.size());
    }

    @Test
    void nothingIsReadForThoseWhoHaveLeft() {
        String cursor = timedOutFollowingEverything();
        pollFor(elsewhere, cursor, EVERYTHING); // so that the room follows
        publishToTopics(40);
        hear();
        List<Hold> holds = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            holds.add(seatAs("client-" + i, elsewhere, new RecordedOutlet(), cursor));
        }
        while (redis.asked() > 100) {
            redis.answerNext();
        }
        holds.forEach(elsewhere::leave);
        int reads = 0;
        for (; redis.asked() > 0; reads++) {
            redis.answerNext();
        }
        assertTrue(reads <= 100 + Recoveries.AT_ONCE * READS_A_STEP, reads + " requests, 100 of them claims");
    }

    @Test
    void aStreamGetsTheNextPieceWhenItsBrowserHasTakenInTheOneBefore() {
        String cursor = timedOutFollowingEverything();
        List<String> published = publishToTopics(40);
        redis.wakes.clear();
        RecordedStream stream = new RecordedStream();
        stream.isWritable = () -> stream.answers.isEmpty();
        Hold hold = new Hold(stream, Transport.SSE, 0, true, List.of(EVERYTHING), false, Hold.FOR_EVER);
        elsewhere.seat(CLIENT, Page.UNKNOWN, hold, Cursor.parse(cursor));
        redis.answerAll();
        assertEquals(1, stream.answers.size(), "the browser has taken in nothing yet");
        assertEquals(0, redis.asked(), "nor is anything read for it");
        stream.isWritable = () -> true;
        elsewhere.writable(hold);
        redis.answerAll();
        stream.answers.forEach(AnswerBudgetTest::assertFitsTheBudget);
        List<String> all = stream.answers.stream()
                .flatMap(answer -> answer.messages().stream())
                .map(message -> new String(message.data(), StandardCharsets.UTF_8))
                .sorted()
                .toList();
        assertEquals(published, all);
        assertFalse(hold.hasEnded());
    }

    private List<RecordedOutlet> seatMany(WaitingRoom where, String cursor) {
        List<RecordedOutlet> outlets = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            RecordedOutlet outlet = new RecordedOutlet();
            outlets.add(outlet);
            seatAs("client-" + i, where, outlet, cursor);
        }
        return outlets;
    }

    /** Another client, which has what the first one has. */
    private Hold seatAs(String name, WaitingRoom where, RecordedOutlet outlet, String cursor) {
        ClientId client = new ClientId(name);
        Cursor its = Cursor.parse(cursor);
        Hold hold = new Hold(outlet, Transport.JSON, 30_000, true, List.of(EVERYTHING), false, Hold.FOR_EVER);
        where.seat(client, Page.UNKNOWN, hold, new Cursor(Cursor.tagOf(client), nowMs, its.mailbox(), its.topics()));
        return hold;
    }

    /** A browser that keeps all that it is sent. */
    private static final class RecordedStream implements Outlet {
        final List<Answer> answers = new ArrayList<>();
        Supplier<Boolean> isWritable = () -> true;

        @Override
        public void answer(Answer answer) {
            answers.add(answer);
        }

        @Override
        public void refuse(EndReason why, long retryAfterMs) {
            throw new AssertionError("refused: " + why);
        }

        @Override
        public boolean isStream() {
            return true;
        }

        @Override
        public boolean isWritable() {
            return isWritable.get();
        }
    }
}
