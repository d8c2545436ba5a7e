package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Page;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.FakeRedis;
import megacomet.redis.Wake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingRoomTest extends RoomFixture {

    @Test
    void whatIsThereIsAnsweredAtOnceAndWhatComesWakes() {
        publish("1");
        RecordedOutlet first = poll(null);
        assertEquals(List.of("1"), first.data());
        RecordedOutlet second = poll(first.answer.cursor());
        assertFalse(second.isAnswered());
        publish("2");
        hear();
        assertEquals(List.of("2"), second.data());
        assertEquals(List.of("delivered", "delivered"), seen);
    }

    @Test
    void aMessagePublishedWhileTheMailboxIsReadIsNotLost() {
        RecordedOutlet outlet = new RecordedOutlet();
        seat(room, outlet, Page.UNKNOWN, null, 55_000);
        assertEquals(1, redis.asked(), "seated first, and then read");
        redis.answerAll();
        publish("1");
        RecordedOutlet next = new RecordedOutlet();
        seat(room, next, Page.UNKNOWN, null, 55_000);
        hear();
        redis.answerAll();
        assertEquals(List.of("1"), next.data());
    }

    @Test
    void anAnswerLostOnTheWayIsGivenAgain() {
        publish("1");
        poll(null);
        assertEquals(List.of("1"), poll(null).data());
        RecordedOutlet third = poll(null);
        publish("2");
        hear();
        RecordedOutlet fourth = poll(third.answer.cursor());
        assertEquals(List.of("2"), fourth.data());
        assertEquals(List.of("2"), poll(third.answer.cursor()).data(), "lost again, so given again");
    }

    @Test
    void aPollThatBringsWhatWasLastWrittenNeedsNoRedis() {
        publish("1");
        String cursor = poll(null).answer.cursor();
        RecordedOutlet outlet = new RecordedOutlet();
        seat(room, outlet, Page.UNKNOWN, cursor, 55_000);
        assertEquals(0, redis.asked());
        assertEquals(1, pollsAnsweredWithoutRedis);
        pass(Settlements.PERIOD_MS);
        assertEquals(1, redis.asked(), "the confirmation follows");
        redis.answerAll();
        assertEquals(Cursor.parse(cursor).mailbox().number(), redis.confirmed(CLIENT));
    }

    @Test
    void idlePollingTellsRedisNothing() {
        String known = timedOut();
        for (int i = 0; i < 10; i++) {
            RecordedOutlet next = new RecordedOutlet();
            seat(room, next, Page.UNKNOWN, known, 1_000);
            pass(1_000 + WaitingRoom.TICK_MS);
            known = next.answer.cursor();
        }
        assertEquals(0, redis.asked(), "there is nothing to confirm either");
    }

    @Test
    void betweenTwoPollsTheSeatGoesOnCollecting() {
        String cursor = timedOut();
        publish("1");
        publish("2");
        hear();
        RecordedOutlet outlet = new RecordedOutlet();
        seat(room, outlet, Page.UNKNOWN, cursor, 55_000);
        assertEquals(List.of("1", "2"), outlet.data());
    }

    /** A poll that was answered because its time was over; returns its cursor. */
    private String timedOut() {
        RecordedOutlet outlet = new RecordedOutlet();
        seat(room, outlet, Page.UNKNOWN, null, 1_000);
        redis.answerAll();
        pass(1_100);
        assertEquals(List.of(), outlet.answer.messages());
        assertNotNull(outlet.answer.cursor());
        return outlet.answer.cursor();
    }

    @Test
    void aSeatThatCollectedTooMuchHasItReadAgain() {
        String cursor = timedOut();
        String large = "\"" + "x".repeat(OPTIONS.lingerMaxBytes() / 2) + "\"";
        publish(large);
        publish(large);
        publish(large);
        hear();
        RecordedOutlet outlet = new RecordedOutlet();
        seat(room, outlet, Page.UNKNOWN, cursor, 55_000);
        assertFalse(outlet.isAnswered());
        redis.answerAll();
        assertEquals(3, outlet.answer.messages().size());
    }

    @Test
    void aClientThatDoesNotComeBackIsGivenUp() {
        poll(null);
        pass(55_000);
        assertEquals("here/0", redis.owner(CLIENT));
        pass(OPTIONS.lingerMs() + Settlements.PERIOD_MS + 2 * WaitingRoom.TICK_MS);
        redis.answerAll();
        assertNull(redis.owner(CLIENT));
        assertEquals(0, room.seats());
    }

    @Test
    void holdTimesAreJitteredAndOnlyShortened() {
        RecordedOutlet outlet = poll(null);
        pass(55_000 * 9 / 10 - WaitingRoom.TICK_MS);
        assertFalse(outlet.isAnswered());
        pass(55_000 / 10 + 2 * WaitingRoom.TICK_MS);
        assertTrue(outlet.isAnswered());
        assertEquals(List.of("timed_out"), seen);
    }

    @Test
    void aTimeoutOfZeroAnswersAtOnce() {
        RecordedOutlet outlet = new RecordedOutlet();
        seat(room, outlet, Page.UNKNOWN, null, 0);
        redis.answerAll();
        assertEquals(List.of(), outlet.answer.messages());
    }

    @Test
    void aPollToBeAnsweredAtOnceWaitsForWhatIsBeingRead() {
        // Of the client's own partition, whose clock is known once the claim is answered.
        Topic topic = IntStream.range(0, 10_000)
                .mapToObj(i -> new Topic("news/" + i))
                .filter(each -> PARTITIONS.of(each) == PARTITION)
                .findFirst()
                .orElseThrow();
        redis.publish(topic, "before it was followed".getBytes(StandardCharsets.UTF_8), 60_000);
        redis.follow(CLIENT, topic);
        redis.publish(topic, "1".getBytes(StandardCharsets.UTF_8), 60_000);
        RecordedOutlet outlet = new RecordedOutlet();
        seat(room, outlet, Page.UNKNOWN, null, 0);
        pass(10 * WaitingRoom.TICK_MS);
        assertFalse(outlet.isAnswered());
        redis.answerAll();
        hear();
        assertEquals(List.of("1"), outlet.data());
    }

    @Test
    void aBrowserThatWentAwayIsForgottenAtOnceAndItsClientLingers() {
        RecordedOutlet outlet = new RecordedOutlet();
        Hold hold = seat(room, outlet, Page.UNKNOWN, null, 55_000);
        redis.answerAll();
        room.leave(hold);
        room.leave(hold);
        assertEquals(0, room.holds());
        assertEquals(1, room.seats());
        publish("1");
        hear();
        assertFalse(outlet.isAnswered());
        assertEquals(List.of("1"), poll(null).data());
        assertEquals(List.of("gone", "delivered"), seen);
    }

    @Test
    void goneBeforeTheClaimWasAnsweredIsGivenUpInTheEnd() {
        Hold hold = seat(room, new RecordedOutlet(), Page.UNKNOWN, null, 55_000);
        room.leave(hold);
        redis.answerAll();
        pass(OPTIONS.lingerMs() + Settlements.PERIOD_MS + 2 * WaitingRoom.TICK_MS);
        redis.answerAll();
        assertNull(redis.owner(CLIENT));
    }

    @Test
    void anotherPageTakesOverAndTheFirstIsToldToStayAway() {
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        poll(room, Page.of("b", 1), null);
        assertEquals(EndReason.SUPERSEDED, first.answer.ended());
        assertFalse(first.answer.advice().isToRetry());
        assertNotNull(first.answer.cursor());
    }

    @Test
    void aPagesOwnRetryReplacesItsPollWithoutAWord() {
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        RecordedOutlet second = poll(room, Page.of("a", 2), null);
        assertNull(first.answer.ended());
        assertTrue(first.answer.advice().isToRetry());
        RecordedOutlet late = poll(room, Page.of("a", 1), null);
        assertTrue(late.isAnswered(), "an old poll that was overtaken on its way loses");
        assertFalse(second.isAnswered());
    }

    @Test
    void aPollThatWasPipelinedBehindAnEndedOneMayComeWhileItsAnswerIsWritten() {
        RecordedOutlet first = new RecordedOutlet();
        RecordedOutlet pipelined = new RecordedOutlet();
        RecordedOutlet other = new RecordedOutlet();
        first.next = () -> seat(room, pipelined, Page.of("a", 2), null, 55_000);
        seat(room, first, Page.of("a", 1), null, 55_000);
        redis.answerAll();
        seat(room, other, Page.of("b", 1), null, 55_000);
        redis.answerAll();
        assertEquals(EndReason.SUPERSEDED, first.answer.ended());
        assertEquals(EndReason.SUPERSEDED, other.answer.ended(), "it was the later one");
        assertFalse(pipelined.isAnswered());
        assertEquals(1, room.holds());
    }

    @Test
    void pollsThatTakeOverFromEachOtherAskForTheMailboxAFewTimesAtOnce() {
        RecordedOutlet last = null;
        RecordedOutlet refused = null;
        for (int n = 1; n <= WaitingRoom.MAX_CLAIMS + 30; n++) {
            RecordedOutlet outlet = new RecordedOutlet();
            seat(room, outlet, Page.of("a", n), null, 55_000);
            last = n == WaitingRoom.MAX_CLAIMS ? outlet : last;
            refused = outlet;
        }
        assertEquals(WaitingRoom.MAX_CLAIMS, redis.asked());
        assertTrue(refused.retryAfterMs > 0);
        redis.answerAll();
        publish("1");
        hear();
        assertEquals(List.of("1"), last.data(), "the last that was taken waits on");
    }

    @Test
    void pollsThatEndEachOtherInACircleAreRefusedInTheEnd() {
        redis.answerAll();
        RecordedOutlet last = null;
        for (int n = 1; n <= Patience.MOST + 2; n++) {
            last = new RecordedOutlet();
            seat(room, last, Page.of(n % 2 == 0 ? "a" : "b", n), null, 55_000);
            redis.answerAll();
        }
        assertTrue(last.retryAfterMs > 0);
    }

    @Test
    void betweenNodesTheLatestWinsToo() {
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        RecordedOutlet second = poll(elsewhere, Page.of("b", 1), null);
        hear();
        assertEquals(EndReason.SUPERSEDED, first.answer.ended());
        publish("1");
        hear();
        assertEquals(List.of("1"), second.data());
    }

    @Test
    void aRetryThatWasOvertakenByOneOnAnotherNodeLosesWithoutAWord() {
        RecordedOutlet second = poll(elsewhere, Page.of("a", 2), null);
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        assertTrue(first.isAnswered());
        assertNull(first.answer.ended());
        assertFalse(second.isAnswered());
        assertEquals(0, room.seats());
    }

    @Test
    void anOldPollThatTookTheClientOnAnotherNodeIsTakenItBack() {
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        publish("1");
        hear();
        // The page's third poll waits here without Redis, which knows only of its first.
        RecordedOutlet parked = poll(room, Page.of("a", 3), first.answer.cursor());
        RecordedOutlet old = poll(elsewhere, Page.of("a", 2), null);
        hear();
        redis.answerAll();
        hear();
        assertFalse(parked.isAnswered());
        assertTrue(old.isAnswered());
        assertEquals("here/0", redis.owner(CLIENT));
        publish("2");
        hear();
        assertEquals(List.of("2"), parked.data());
    }

    @Test
    void itIsNotIfByThenAnotherPageHasTheClient() {
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        publish("1");
        hear();
        RecordedOutlet parked = poll(room, Page.of("a", 3), first.answer.cursor());
        poll(elsewhere, Page.of("a", 2), null);
        RecordedOutlet other = poll(elsewhere, Page.of("b", 1), first.answer.cursor());
        hear();
        redis.answerAll();
        hear();
        assertEquals(EndReason.SUPERSEDED, parked.answer.ended());
        assertFalse(other.isAnswered());
        assertEquals("there/0", redis.owner(CLIENT));
    }

    @Test
    void whileItIsTakenBackNoPollIsAnsweredAsIfItKnewTheMailbox() {
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        publish("1");
        hear();
        RecordedOutlet parked = new RecordedOutlet();
        seat(room, parked, Page.of("a", 3), first.answer.cursor(), 1_000);
        publish("2");
        poll(elsewhere, Page.of("a", 2), first.answer.cursor());
        hear();
        pass(1_100);
        assertFalse(parked.isAnswered(), "the claim is on its way");
        redis.answerAll();
        assertEquals(List.of("2"), parked.data());
    }

    @Test
    void whatIsYetToBeWrittenIsNotConfirmedByTakingTheClientBack() {
        Topic topic = new Topic("news");
        redis.follow(CLIENT, topic);
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        redis.publish(topic, "1".getBytes(StandardCharsets.UTF_8), 60_000);
        hear();
        RecordedOutlet parked = poll(room, Page.of("a", 3), first.answer.cursor());
        redis.publish(topic, "2".getBytes(StandardCharsets.UTF_8), 60_000);
        poll(elsewhere, Page.of("a", 2), null);
        hear();
        redis.answerAll();
        hear();
        assertEquals(List.of("2"), parked.data());
        RecordedOutlet next = poll(elsewhere, Page.of("a", 4), first.answer.cursor());
        assertEquals(List.of("2"), next.data(), "the answer was lost on its way");
    }

    @Test
    void aMoveHeardBeforeTheClaimWasAnsweredIsRemembered() {
        RecordedOutlet first = new RecordedOutlet();
        seat(room, first, Page.of("a", 1), null, 55_000);
        RecordedOutlet second = new RecordedOutlet();
        seat(elsewhere, second, Page.of("b", 1), null, 55_000);
        redis.answerNext();
        assertFalse(first.isAnswered());
        redis.answerNext();
        hear();
        assertEquals(EndReason.SUPERSEDED, first.answer.ended());
        assertFalse(second.isAnswered());
    }

    @Test
    void aLostWakeIsMadeGoodByReadingAgain() {
        RecordedOutlet outlet = poll(null);
        publish("1");
        redis.wakes.clear();
        publish("2");
        room.readAgain(PARTITION);
        redis.answerAll();
        assertEquals(List.of("1", "2"), outlet.data());
        hear();
        assertEquals(List.of("delivered"), seen, "the late wake brings nothing twice");
    }

    @Test
    void aWakeThatDoesNotFollowMakesTheHoldRead() {
        RecordedOutlet outlet = poll(null);
        publish("1");
        redis.wakes.clear();
        publish("2");
        hear();
        assertFalse(outlet.isAnswered());
        redis.answerAll();
        assertEquals(List.of("1", "2"), outlet.data());
    }

    @Test
    void readingAgainPutsLingeringSeatsInDoubt() {
        String cursor = timedOut();
        publish("1");
        redis.wakes.clear();
        room.readAgain(PARTITION);
        RecordedOutlet outlet = poll(cursor);
        assertEquals(List.of("1"), outlet.data());
    }

    @Test
    void whileWakesAreNotHeardEveryPollAsksRedis() {
        String cursor = timedOut();
        room.deaf(PARTITION);
        publish("1");
        redis.wakes.clear();
        assertEquals(List.of("1"), poll(cursor).data());
    }

    @Test
    void readingAgainFindsOutThatTheClientHasMoved() {
        RecordedOutlet first = poll(room, Page.of("a", 1), null);
        poll(elsewhere, Page.of("b", 1), null);
        redis.wakes.clear();
        room.readAgain(PARTITION);
        redis.answerAll();
        assertEquals(EndReason.SUPERSEDED, first.answer.ended());
    }

    @Test
    void aWakeOfAnotherMasterMakesTheHoldReadAndTheGapIsSaid() {
        publish("1");
        String cursor = poll(null).answer.cursor();
        RecordedOutlet outlet = poll(cursor);
        redis.replicate();
        redis.failOver();
        publish("2");
        hear();
        redis.answerAll();
        assertEquals(List.of("2"), outlet.data());
        assertEquals(new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER), outlet.answer.gap());
        assertNotEquals(
                Cursor.parse(cursor).mailbox().epoch(),
                Cursor.parse(outlet.answer.cursor()).mailbox().epoch());
    }

    @Test
    void aMessageThatDiedOnTheWayIsAGapAndNotDelivered() {
        String cursor = timedOut();
        redis.publish(CLIENT, "1".getBytes(StandardCharsets.UTF_8), 500);
        publish("2");
        hear();
        pass(600);
        RecordedOutlet outlet = poll(cursor);
        assertEquals(List.of("2"), outlet.data());
        assertEquals(new Gap(1, Gap.Reason.EXPIRED), outlet.answer.gap());
    }

    @Test
    void whatDiesAfterTheAnswerCanBeTakenOutOfIt() {
        String cursor = timedOut();
        redis.publish(CLIENT, "1".getBytes(StandardCharsets.UTF_8), 500);
        publish("2");
        hear();
        Answer answer = poll(cursor).answer;
        assertEquals(2, answer.messages().size());
        assertSame(answer, room.withoutDead(CLIENT, answer));
        pass(600);
        Answer alive = room.withoutDead(CLIENT, answer);
        assertEquals(List.of(answer.messages().get(1)), alive.messages());
        assertEquals(new Gap(1, Gap.Reason.EXPIRED), alive.gap());
        assertEquals(answer.cursor(), alive.cursor());
    }

    @Test
    void thatTheClientWasFurtherElsewhereIsToldOfAllThatItFollows() {
        List<TopicPattern> follows = List.of(new TopicPattern("news"), new TopicPattern("a/*"));
        RecordedOutlet outlet = new RecordedOutlet();
        room.seat(
                CLIENT,
                Page.UNKNOWN,
                new Hold(outlet, Transport.JSON, 1_000, false, follows, false, Hold.FOR_EVER),
                null);
        redis.answerAll();
        pass(1_100);
        Gap unknown = new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER);
        assertEquals(
                Set.of(new TopicGap("news", unknown), new TopicGap("a/*", unknown)),
                Set.copyOf(room.withFailover(CLIENT, outlet.answer).topicGaps()));
    }

    @Test
    void aGapAloneAnswersOnlyAPollThatBroughtACursor() {
        String cursor = timedOut();
        redis.publish(CLIENT, "1".getBytes(StandardCharsets.UTF_8), 500);
        pass(600);
        RecordedOutlet without = poll(null);
        assertFalse(without.isAnswered());
        publish("2");
        hear();
        assertEquals(new Gap(1, Gap.Reason.EXPIRED), without.answer.gap(), "it rides along");
        redis.wakes.clear();
        RecordedOutlet with = poll(cursor);
        assertEquals(new Gap(1, Gap.Reason.EXPIRED), with.answer.gap());
    }

    @Test
    void aDeletedClientsHoldIsEndedAndToldToStayAway() {
        RecordedOutlet outlet = poll(null);
        redis.delete(CLIENT);
        hear();
        assertEquals(EndReason.DELETED, outlet.answer.ended());
        assertFalse(outlet.answer.advice().isToRetry());
        assertEquals(0, room.seats());
    }

    @Test
    void withoutRedisANewPollIsSentAwayAndAParkedOneStays() {
        RecordedOutlet parked = poll(null);
        redis.setDown(true);
        room.readAgain(PARTITION);
        redis.answerAll();
        assertFalse(parked.isAnswered());
        publish("1");
        redis.wakes.clear();
        redis.setDown(false);
        pass(Settlements.PERIOD_MS + WaitingRoom.TICK_MS);
        redis.answerAll();
        assertEquals(List.of("1"), parked.data(), "it reads as soon as Redis is back");

        redis.setDown(true);
        RecordedOutlet turnedAway = poll(null);
        assertTrue(turnedAway.retryAfterMs >= OPTIONS.retryAfterMs() / 2, "" + turnedAway.retryAfterMs);
        assertTrue(turnedAway.retryAfterMs <= OPTIONS.retryAfterMs());
    }

    @Test
    void aHoldWithoutRedisStillEndsInItsTime() {
        RecordedOutlet outlet = poll(null);
        redis.setDown(true);
        room.readAgain(PARTITION);
        redis.answerAll();
        for (int i = 0; i < 60; i++) {
            pass(1_000);
            redis.answerAll();
        }
        assertEquals(List.of(), outlet.answer.messages());
    }

    @Test
    void aConfirmationThatCouldNotBeWrittenIsWrittenLater() {
        publish("1");
        String cursor = poll(null).answer.cursor();
        redis.setDown(true);
        seat(room, new RecordedOutlet(), Page.UNKNOWN, cursor, 55_000);
        pass(Settlements.PERIOD_MS);
        redis.answerAll();
        redis.setDown(false);
        pass(Settlements.PERIOD_MS);
        redis.answerAll();
        assertEquals(Cursor.parse(cursor).mailbox().number(), redis.confirmed(CLIENT));
    }

    @ParameterizedTest
    @ValueSource(longs = {-60_000, 60_000, -1_789_999_999_999L})
    void aNodeWhoseClockIsWrongDeliversNeitherLateNorDropsEarly(long aheadMs) {
        WaitingRoom wrong = room("wrong", aheadMs);
        redis.publish(CLIENT, new byte[] {'1'}, 10_000);
        nowMs += 9_000;
        assertEquals(List.of("1"), poll(wrong, Page.UNKNOWN, null).data());
        RecordedOutlet parked = poll(wrong, Page.UNKNOWN, null);
        assertEquals(List.of("1"), parked.data(), "it is not confirmed");
        redis.publish(CLIENT, new byte[] {'2'}, 1_000);
        FakeRedis.Sent wake = redis.wakes.remove(redis.wakes.size() - 1);
        wrong.wake(wake.partition(), wake.wake());
        nowMs += 1_000;
        RecordedOutlet late = new RecordedOutlet();
        seat(wrong, late, Page.UNKNOWN, parked.answer.cursor(), 55_000);
        redis.answerAll();
        assertEquals(List.of(), late.data(), "dead, though it came in time");
        assertEquals(new Gap(1, Gap.Reason.EXPIRED), late.answer.gap());
        wrong.assertSound();
    }

    @Test
    void drainingEndsAllAndGivesAllUp() {
        RecordedOutlet outlet = poll(null);
        room.drain(0);
        redis.answerAll();
        assertEquals(EndReason.DRAINING, outlet.answer.ended());
        assertTrue(outlet.answer.advice().isToRetry());
        assertNull(redis.owner(CLIENT));
        RecordedOutlet late = poll(null);
        assertEquals(EndReason.DRAINING, late.answer.ended());
    }

    @Test
    void drainingSendsAwayAtAnEvenPaceAndSpreadsWhenTheyComeBack() {
        List<RecordedOutlet> outlets = crowd(200);
        Future<Void> over = room.drain(10_000);
        int before = 0;
        for (int second = 1; second <= 10; second++) {
            pass(1_000);
            int sentAway =
                    (int) outlets.stream().filter(RecordedOutlet::isAnswered).count();
            assertEquals(20, sentAway - before, "in second " + second);
            before = sentAway;
            assertEquals(200 - sentAway, room.holds());
        }
        assertFalse(over.isComplete(), "Redis does not know of the last");
        redis.answerAll();
        assertTrue(over.isComplete());
        outlets.forEach(outlet -> {
            assertEquals(EndReason.DRAINING, outlet.answer.ended());
            assertNotNull(outlet.answer.cursor());
        });
        long intervals = outlets.stream()
                .map(outlet -> outlet.answer.advice().intervalMs())
                .distinct()
                .count();
        assertTrue(intervals > 150, intervals + " intervals");
        assertEquals(0, room.seats());
    }

    @Test
    void whatADrainGivesUpIsWrittenInFewCalls() {
        crowd(200);
        room.drain(1_000);
        pass(1_000);
        assertTrue(redis.asked() <= 2 * PARTITIONS.count(), redis.asked() + " calls");
        redis.answerAll();
    }

    @Test
    void untilItsTurnAClientOfADrainingRoomIsServed() {
        RecordedOutlet waiting = poll(null);
        room.drain(10_000);
        publish("1");
        hear();
        assertEquals(List.of("1"), waiting.data());
        RecordedOutlet next = poll(waiting.answer.cursor());
        assertEquals(EndReason.DRAINING, next.answer.ended(), "it goes where it will be served longer");
        assertEquals(0, room.seats(), "and is given up at once");
        publish("2");
        pass(WaitingRoom.TICK_MS);
        redis.answerAll();
        assertNull(redis.owner(CLIENT));
        assertEquals(
                List.of("2"),
                poll(elsewhere, Page.UNKNOWN, waiting.answer.cursor()).data());
    }

    @Test
    void aRoomInWhichNobodyIsLeftIsDrained() {
        Hold hold = seat(room, new RecordedOutlet(), Page.UNKNOWN, null, 55_000);
        redis.answerAll();
        Future<Void> over = room.drain(600_000);
        room.leave(hold);
        pass(OPTIONS.lingerMs());
        redis.answerAll();
        assertTrue(over.isComplete());
    }

    /** So many clients that wait. */
    private List<RecordedOutlet> crowd(int count) {
        List<RecordedOutlet> outlets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RecordedOutlet outlet = new RecordedOutlet();
            Hold hold = new Hold(outlet, Transport.JSON, 600_000, false);
            room.seat(new ClientId("crowd-" + i), Page.UNKNOWN, hold, null);
            outlets.add(outlet);
        }
        redis.answerAll();
        return outlets;
    }

    @Test
    void aWakeForAnEarlierClaimIsIgnored() {
        RecordedOutlet outlet = poll(null);
        long generation = 7;
        room.wake(PARTITION, new Wake.Ended(CLIENT, generation));
        room.deliverWoken();
        assertFalse(outlet.isAnswered());
    }

    @Test
    void whatWasPublishedAfterAFollowEndedIsNotDeliveredThoughTheRoomStillAsks() {
        Topic topic = topicBesideItsMailbox();
        redis.follow(CLIENT, topic);
        RecordedOutlet waiting = poll(null);
        redis.unfollow(CLIENT, topic);
        redis.publish(topic, new byte[] {'1'}, 60_000);
        publish("2");
        hear();
        redis.answerAll();
        assertEquals(List.of("2"), waiting.data());
    }

    @Test
    void aFollowWhoseWakeIsLostBeginsWhenThePartitionIsReadAgain() {
        Topic topic = topicBesideItsMailbox();
        RecordedOutlet waiting = poll(null);
        redis.follow(CLIENT, topic);
        redis.wakes.clear();
        redis.publish(topic, new byte[] {'1'}, 60_000);
        room.readAgain(PARTITION);
        redis.answerAll();
        assertEquals(List.of("1"), waiting.data());
        assertEquals(Set.of(TopicPattern.of(topic).tag()), redis.counted(CLIENT));
    }

    /** Else the client would think that it follows, and would miss what came before its next poll. */
    @Test
    void aPollIsNotAnsweredWithNothingBeforeWhatItFollowsHasBegun() {
        RecordedOutlet outlet = new RecordedOutlet();
        List<TopicPattern> everything = List.of(new TopicPattern("**"));
        room.seat(
                CLIENT,
                Page.UNKNOWN,
                new Hold(outlet, Transport.JSON, 0, false, everything, false, Hold.FOR_EVER),
                null);
        redis.setDown(true);
        redis.answerNext(); // to be woken for one of the partitions
        redis.setDown(false);
        redis.answerAll();
        redis.setDown(true);
        assertFalse(outlet.isAnswered());
        for (int second = 0; second < 3; second++) {
            pass(1_000);
            redis.answerAll();
        }
        assertTrue(outlet.retryAfterMs > 0, "sent away");
    }

    /** The loop tells those who are level; who has read the old master's partition and waits for another's is told as well. */
    @Test
    void aMasterThatTakesOverBetweenTheReadsOfTwoPartitionsIsTold() {
        Topic first = topicIn(0);
        Topic second = topicIn(1);
        redis.publish(first, new byte[] {'0'}, 60_000);
        redis.publish(second, new byte[] {'0'}, 60_000);
        String cursor = timedOutFollowingEverything();
        List<TopicPattern> everything = List.of(new TopicPattern("**"));
        Hold other = new Hold(new RecordedOutlet(), Transport.JSON, 55_000, false, everything, false, Hold.FOR_EVER);
        room.seat(new ClientId("43"), Page.UNKNOWN, other, null);
        redis.answerAll();
        pass(30_000); // The client's seat is gone, and the loop still follows.
        redis.answerAll();
        redis.publish(first, new byte[] {'1'}, 60_000);
        redis.publish(second, new byte[] {'2'}, 60_000);
        redis.replicate();
        hear();
        RecordedOutlet outlet = new RecordedOutlet();
        Hold hold = new Hold(outlet, Transport.JSON, 30_000, true, everything, false, Hold.FOR_EVER);
        room.seat(CLIENT, Page.UNKNOWN, hold, Cursor.parse(cursor));
        redis.answerNext(); // the claim
        assertEquals(2, redis.asked(), "two partitions");
        redis.answerNext(); // the first partition
        Runnable secondPartition = redis.executeNext();
        redis.publish(first, new byte[] {'3'}, 60_000); // is lost with its master
        redis.wakes.clear();
        redis.failOver();
        room.readAgain(0); // The loop notices.
        redis.answerAll();
        secondPartition.run();
        redis.answerAll();
        assertEquals(List.of("1", "2"), outlet.data());
        assertTrue(
                outlet.answer.topicGaps().contains(new TopicGap("**", new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER))),
                outlet.answer.topicGaps()::toString);
    }

    /** Its cursor says nothing of the partition, and so nothing of a master there. */
    @Test
    void whoHadNothingOfAPartitionYetIsToldAsWellThatAnotherMasterTookOver() {
        Topic topic = topicBesideItsMailbox();
        String cursor = timedOutFollowingEverything();
        redis.publish(topic, new byte[] {'1'}, 60_000);
        redis.replicate();
        redis.publish(topic, new byte[] {'2'}, 60_000); // is lost with its master
        redis.wakes.clear();
        redis.failOver();
        room.readAgain(PARTITION);
        redis.answerAll();
        pass(30_000); // The client's seat is gone.
        redis.answerAll();
        RecordedOutlet outlet = pollForEverything(cursor);
        assertEquals(List.of("1"), outlet.data());
        assertEquals(List.of(new TopicGap("**", new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER))), outlet.answer.topicGaps());
    }

    /** It was told of the failover by its own read; what died since is another loss, of which the loop's read knows only the first. */
    @Test
    void whatDiesBeforeTheLoopHasReadTheNewMasterIsToldToThoseWhoHave() {
        Topic topic = topicIn((PARTITION + 1) % PARTITIONS.count());
        TopicPattern name = TopicPattern.of(topic);
        redis.publish(topic, new byte[] {'0'}, 60_000);
        Hold another =
                new Hold(new RecordedOutlet(), Transport.JSON, 55_000, false, List.of(name), false, Hold.FOR_EVER);
        room.seat(new ClientId("43"), Page.UNKNOWN, another, null); // so that the room is told of the topic
        RecordedOutlet first = pollFor(elsewhere, null, name);
        pass(30_000);
        redis.answerAll();
        redis.publish(topic, new byte[] {'1'}, 60_000);
        hear(); // The loop is further than the client's cursor.
        redis.failOver();
        redis.publish(topic, new byte[] {'2'}, 60_000);
        redis.wakes.clear();
        RecordedOutlet second = pollFor(room, first.answer.cursor(), name);
        assertEquals(List.of("2"), second.data());
        assertEquals(
                List.of(new TopicGap(topic.value(), new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER))),
                second.answer.topicGaps());
        RecordedOutlet third = pollFor(room, second.answer.cursor(), name);
        redis.publish(topic, new byte[] {'3'}, 300);
        redis.wakes.clear();
        nowMs += 400;
        room.readAgain(PARTITIONS.of(topic));
        redis.answerAll();
        assertEquals(List.of(new TopicGap(topic.value(), new Gap(1, Gap.Reason.EXPIRED))), third.answer.topicGaps());
    }

    @Test
    void aPageThatCameBackIsNotEndedByTheWakeOfTheOneBeforeIt() {
        RecordedOutlet first = new RecordedOutlet();
        seat(room, first, Page.of("first", 1), null, 1_000);
        redis.answerAll();
        pass(1_000);
        String cursor = first.answer.cursor();
        poll(elsewhere, Page.of("first", 2), cursor);
        RecordedOutlet reloaded = new RecordedOutlet();
        seat(room, reloaded, Page.of("reloaded", 1), cursor, 55_000);
        hear();
        redis.answerAll();
        hear();
        assertFalse(reloaded.isAnswered());
        publish("1");
        hear();
        assertEquals(List.of("1"), reloaded.data());
    }
}
