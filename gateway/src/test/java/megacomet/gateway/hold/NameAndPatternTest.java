package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import megacomet.model.ClientId;
import megacomet.model.Page;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.FakeRedis;
import org.junit.jupiter.api.Test;

/** What a client follows by a topic's name and by a pattern of its own, at once or one after the other, comes once. */
class NameAndPatternTest extends RoomFixture {

    @Test
    void whatAPatternMatchesComesAlsoWhenItsNameIsJustNotFollowedAnyMore() {
        Topic topic = topicBesideItsMailbox();
        redis.follow(CLIENT, topic);
        RecordedOutlet waiting = new RecordedOutlet();
        List<TopicPattern> everything = List.of(new TopicPattern("**"));
        room.seat(
                CLIENT,
                Page.UNKNOWN,
                new Hold(waiting, Transport.JSON, 55_000, false, everything, false, Hold.FOR_EVER),
                null);
        redis.answerAll();
        redis.unfollow(CLIENT, topic);
        redis.publish(topic, new byte[] {'1'}, 60_000);
        hear();
        redis.answerAll();
        assertEquals(List.of("1"), waiting.data());
    }

    @Test
    void whatWasOnlyInALostAnswerComesAgainAlsoFromAPatternByItsNewName() {
        Topic topic = topicBesideItsMailbox();
        String cursor = timedOutFollowingEverything();
        redis.publish(topic, new byte[] {'1'}, 60_000);
        redis.follow(CLIENT, topic);
        assertEquals(List.of("1"), pollForEverything(cursor).data());
        assertEquals(List.of("1"), pollForEverything(cursor).data(), "lost, so given again");
    }

    @Test
    void aTopicThatIsGrantedWhileAPatternOfItIsReadComesOnce() {
        Topic topic = topicBesideItsMailbox();
        String cursor = timedOutFollowingEverything();
        redis.publish(topic, new byte[] {'1'}, 60_000);
        redis.follow(CLIENT, topic);
        elsewhere.seat(
                CLIENT, Page.of("other", 1), new Hold(new RecordedOutlet(), Transport.JSON, 55_000, false), null);
        redis.answerAll();
        assertEquals(List.of("1"), pollForEverything(cursor).data());
    }

    @Test
    void aPollThatIsOverBeforeATopicsNewNameWasReadKeepsItsCursor() {
        Topic topic = topicBesideItsMailbox();
        String cursor = timedOutFollowingEverything();
        RecordedOutlet waiting = pollForEverything(cursor);
        redis.follow(CLIENT, topic);
        hear();
        redis.publish(topic, new byte[] {'1'}, 600_000);
        redis.answerNext(); // what is followed; the topic's own place is still to come
        redis.setDown(true);
        redis.answerAll();
        hear();
        for (int i = 0; i < 600; i++) {
            pass(WaitingRoom.TICK_MS);
            redis.answerAll();
        }
        assertTrue(waiting.isAnswered());
        redis.setDown(false);
        String known = waiting.answer.cursor() == null ? cursor : waiting.answer.cursor();
        List<String> all = new ArrayList<>(waiting.data());
        all.addAll(pollForEverything(known).data());
        assertEquals(List.of("1"), all);
    }

    /** Else who followed the pattern alone from then on would go on behind what was read by no one. */
    @Test
    void aNameThatIsBehindOneOfTheClientsPatternsIsNotInACursorBeforeItHasCaughtUp() {
        Topic topic = topicBesideItsMailbox();
        RecordedOutlet waiting = pollFor(room, null, new TopicPattern("**"), TopicPattern.of(topic));
        redis.publish(topic, new byte[] {'1'}, 60_000);
        redis.wakes.clear();
        room.readAgain(PARTITIONS.of(topic));
        redis.setDown(true);
        redis.answerNext(); // to read the mailbox again
        redis.answerNext(); // to read the topic
        redis.setDown(false);
        redis.answerAll(); // The pattern's partition is read.
        redis.publish(topicIn(PARTITION + 1 & 3), new byte[] {'2'}, 60_000);
        hear();
        assertFalse(waiting.isAnswered(), "what would its cursor say of the topic?");
        pass(500);
        redis.answerAll();
        assertEquals(Set.of("1", "2"), Set.copyOf(waiting.data()));
    }

    @Test
    void whatAPatternGaveElsewhereIsNotGivenByTheNewNameWhereItWasNotHeardYet() {
        Topic topic = topicBesideItsMailbox();
        redis.publish(topic, new byte[] {'0'}, 60_000);
        pollFor(room, null, TopicPattern.of(topic)); // so that the room is told of the topic
        RecordedOutlet there = pollFor(elsewhere, null, new TopicPattern("**"));
        redis.publish(topic, new byte[] {'1'}, 60_000);
        List<FakeRedis.Sent> late =
                redis.wakes.stream().filter(wake -> wake.node().equals("here")).toList();
        redis.wakes.removeAll(late);
        hear();
        assertEquals(List.of("1"), there.data());
        RecordedOutlet here = pollFor(room, there.answer.cursor(), new TopicPattern("**"), TopicPattern.of(topic));
        redis.wakes.addAll(late);
        hear();
        redis.answerAll();
        assertFalse(here.isAnswered());
    }

    @Test
    void whatAPatternHasGivenSinceTheNameWasLeftIsNotGivenByTheNameAgain() {
        Topic topic = topicIn(0);
        Topic other = topicIn(1);
        redis.publish(topic, new byte[] {'0'}, 60_000);
        redis.publish(other, new byte[] {'0'}, 60_000);
        Hold another = new Hold(
                new RecordedOutlet(),
                Transport.JSON,
                55_000,
                false,
                List.of(new TopicPattern("**")),
                false,
                Hold.FOR_EVER);
        room.seat(new ClientId("43"), Page.UNKNOWN, another, null); // so that the room is told of all
        RecordedOutlet first = pollFor(elsewhere, null, new TopicPattern("**"), TopicPattern.of(topic));
        redis.publish(topic, new byte[] {'1'}, 60_000);
        hear();
        assertEquals(List.of("1"), first.data());
        redis.publish(topic, new byte[] {'2'}, 60_000);
        redis.publish(other, new byte[] {'3'}, 60_000);
        hear();
        RecordedOutlet second = new RecordedOutlet();
        seatFor(room, second, first.answer.cursor(), new TopicPattern("**"));
        redis.answerNext(); // the claim
        redis.answerNext(); // the topic's partition
        redis.setDown(true);
        redis.answerNext(); // the other's
        redis.setDown(false);
        redis.answerAll();
        assertEquals(List.of("2"), second.data());
        String cursor = second.answer.cursor();
        assertEquals(
                List.of("3"),
                pollFor(elsewhere, cursor, new TopicPattern("**"), TopicPattern.of(topic))
                        .data());
    }
}
