package megacomet.loadtest.chaos.judge;

import static megacomet.loadtest.chaos.judge.Story.LIFE_MS;
import static megacomet.loadtest.chaos.judge.Story.MAILBOX;
import static megacomet.loadtest.chaos.judge.Story.NEWS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each promise both ways: a good history is good, and each kind of breach is seen, and nothing else beside it. */
class JudgeTest {

    private static final String LOST = "nothing is lost without a word";
    private static final String REORDERED = "nothing is reordered";
    private static final String TWICE = "nothing comes twice";
    private static final String OUTLIVED = "nothing is delivered after its life";
    private static final String DEAF = "nobody is deaf";
    private static final String MEANING = "no number means two messages";

    private final Story story = new Story();

    private void assertGood() {
        assertEquals(Map.of(), story.broken());
    }

    private void assertBroken(String promise) {
        assertEquals(Map.of(promise, 1), story.broken());
    }

    @Test
    void theLongestWaitsAreSaidWithoutThoseOfWhoWasAway() {
        story.published(MAILBOX, 0, 1, 2)
                .away(1_500, 2_500)
                .cameLate(MAILBOX, 0, 300)
                .cameLate(MAILBOX, 1, 200)
                .cameLate(MAILBOX, 2, 900);
        assertEquals(new Waits(Story.ACK_MS, 300), Waits.of(story.history()));
    }

    @Test
    void whatCameInOrderIsGood() {
        story.published(MAILBOX, 0, 2, 4)
                .published(NEWS, 1, 3)
                .came(MAILBOX, 0, 2, 4)
                .came(NEWS, 1, 3);
        assertGood();
        assertEquals(0, story.excused());
    }

    @Nested
    class Losses {

        @Test
        void aMessageThatNeverCameIsLost() {
            story.published(MAILBOX, 0, 1, 2).came(MAILBOX, 0, 2);
            assertBroken(LOST);
        }

        @Test
        void soItIsWhenItsLifeIsOverAndNobodyWasTold() {
            story.published(MAILBOX, 0)
                    .published(MAILBOX, 1, 101, 1, 1)
                    .published(MAILBOX, 2)
                    .came(MAILBOX, 0, 2);
            assertBroken(LOST);
        }

        @Test
        void aGapBetweenItsNeighboursCoversIt() {
            story.published(MAILBOX, 0, 1, 2)
                    .broken("redis-restart", 500, 600)
                    .came(MAILBOX, 0)
                    .told(MAILBOX, GapTold.FAILOVER, 1_500)
                    .came(MAILBOX, 2);
            assertGood();
        }

        @Test
        void aGapThatIsToldTooLateDoesNot() {
            story.published(MAILBOX, 0, 1, 2)
                    .broken("redis-restart", 500, 600)
                    .came(MAILBOX, 0, 2)
                    .told(MAILBOX, GapTold.FAILOVER, 2_500);
            assertBroken(LOST);
        }

        @Test
        void aGapOfAnotherStreamDoesNot() {
            story.published(MAILBOX, 0, 1, 2)
                    .broken("redis-restart", 500, 600)
                    .came(MAILBOX, 0)
                    .told(NEWS, GapTold.FAILOVER, 1_500)
                    .came(MAILBOX, 2);
            assertBroken(LOST);
        }

        @Test
        void aGapOfAPatternCoversItsTopics() {
            story.published(Stream.topic("room/1"), 0)
                    .broken("redis-restart", 500, 600)
                    .told(Stream.topic("room/*"), GapTold.FAILOVER, 700);
            assertGood();
        }

        @Test
        void whatAMasterAcknowledgesWhileItIsReplacedIsExcusedIfThatWasToldAlready() {
            story.published(MAILBOX, 0, 1, 2)
                    .broken("failover", 0, 1_500)
                    .told(MAILBOX, GapTold.FAILOVER, 10)
                    .came(MAILBOX, 0, 2);
            assertGood();
            assertEquals(1, story.excused());
        }

        @Test
        void whatAMasterAcknowledgesThatFailsBeforeItsFormerOneKnowsOfItIsExcused() {
            story.published(MAILBOX, 0, 1, 2).came(MAILBOX, 0, 2);
            assertBroken(LOST);
            story.broken(History.MASTER_BACK, 900, 1_500);
            assertGood();
            assertEquals(1, story.excused());
        }

        @Test
        void afterTheReplacementItIsNot() {
            story.published(MAILBOX, 0, 1, 2)
                    .broken("failover", 0, 600)
                    .told(MAILBOX, GapTold.FAILOVER, 10)
                    .came(MAILBOX, 0, 2);
            assertBroken(LOST);
        }

        @Test
        void aFailoverThatNeverWasIsNotBelieved() {
            story.published(MAILBOX, 0).told(MAILBOX, GapTold.FAILOVER, 500);
            assertBroken(LOST);
        }

        @Test
        void whatWasNeverAcknowledgedMayComeOrNot() {
            story.neverAcknowledged(MAILBOX, 0).neverAcknowledged(MAILBOX, 1).came(MAILBOX, 1);
            assertGood();
        }

        @Test
        void aTopicIsExpectedFromWhenItIsFollowed() {
            story.published(NEWS, 0, 2).satFrom(1_000, Long.MAX_VALUE).came(NEWS, 2);
            assertGood();
        }

        @Test
        void aMailboxIsExpectedFromTheFirstMessageOn() {
            story.published(MAILBOX, 0, 2).satFrom(1_000, Long.MAX_VALUE).came(MAILBOX, 2);
            assertBroken(LOST);
        }

        @Test
        void aSessionThatRedisLostIsExcused() {
            story.published(NEWS, 0).broken("redis-restart-empty", 500, 600).satFrom(0, 700);
            assertGood();
            assertEquals(1, story.excused());
        }

        @Test
        void aSessionThatWasLostForNothingIsNot() {
            story.published(NEWS, 0).broken("gateway-kill", 500, 600).satFrom(0, 700);
            assertBroken(LOST);
        }
    }

    @Nested
    class Order {

        @Test
        void aLowerNumberAfterAHigherIsReordered() {
            story.published(MAILBOX, 0, 1).cameLate(MAILBOX, 1, 0).cameLate(MAILBOX, 0, 1_500);
            assertBroken(REORDERED);
        }

        /** An old master answers until it hears that it is replaced; both number by their clocks what is new to them. */
        @ParameterizedTest
        @ValueSource(strings = {"masters-changed", "redis-restart-empty"})
        void aStreamMayBeginAnewAtAnotherOrAnEmptiedMasterIfThatIsTold(String fault) {
            story.published(MAILBOX, 0)
                    .published(MAILBOX, 1, 50, LIFE_MS, 1)
                    .broken(fault, 500, 600)
                    .came(MAILBOX, 0)
                    .told(MAILBOX, GapTold.FAILOVER, 700)
                    .cameAs(MAILBOX, 1, 50, 0);
            assertGood();
            assertEquals(1, story.excused());
        }

        /** A session that Redis has lost cannot be told anything; its browser makes another. */
        @Test
        void aStreamMayBeginAnewForAnotherSession() {
            story.published(MAILBOX, 0)
                    .published(MAILBOX, 1, 50, LIFE_MS, 1)
                    .satFrom(0, 700)
                    .satAgainFrom(800)
                    .came(MAILBOX, 0)
                    .cameAs(MAILBOX, 1, 50, 0);
            assertBroken(REORDERED);
            story.broken("redis-restart-empty", 500, 600);
            assertGood();
            assertEquals(1, story.excused());
        }

        @Test
        void untoldItMayNot() {
            story.published(MAILBOX, 0)
                    .published(MAILBOX, 1, 50, LIFE_MS, 1)
                    .broken("redis-restart-empty", 500, 600)
                    .came(MAILBOX, 0)
                    .cameAs(MAILBOX, 1, 50, 0);
            assertBroken(REORDERED);
        }
    }

    @Nested
    class Duplicates {

        @Test
        void aMessageThatCameTwiceIsADuplicate() {
            story.published(MAILBOX, 0, 1).came(MAILBOX, 0, 1).cameLate(MAILBOX, 1, 500);
            assertBroken(TWICE);
        }

        @Test
        void ofTopicsItIsExcusedAfterASecondFailoverAlone() {
            story.published(NEWS, 3)
                    .came(NEWS, 3)
                    .cameLate(NEWS, 3, 2_500)
                    .broken(History.MASTERS_CHANGED, 3_500, 4_000);
            assertBroken(TWICE);
            story.broken(History.MASTERS_CHANGED, 4_500, 5_000);
            assertGood();
            assertEquals(1, story.excused());
        }

        @Test
        void ofMailboxesItIsNotEvenThen() {
            story.published(MAILBOX, 3)
                    .came(MAILBOX, 3)
                    .cameLate(MAILBOX, 3, 2_500)
                    .broken(History.MASTERS_CHANGED, 3_500, 4_000)
                    .broken(History.MASTERS_CHANGED, 4_500, 5_000);
            assertBroken(TWICE);
        }

        @Test
        void ofAnyStreamItIsAfterAFormerMasterIsOneAgain() {
            story.published(MAILBOX, 3).came(MAILBOX, 3).cameLate(MAILBOX, 3, 2_500);
            assertBroken(TWICE);
            story.broken(History.MASTER_BACK, 3_500, 4_500);
            assertGood();
            assertEquals(1, story.excused());
        }

        @Test
        void whatWasStoredAgainBecauseItsMasterWasReplacedIsExcused() {
            story.published(MAILBOX, 2, 900, LIFE_MS, 1)
                    .broken("failover", 1_900, 2_000)
                    .cameAs(MAILBOX, 2, 102, 0)
                    .cameAs(MAILBOX, 2, 900, 100);
            assertGood();
            assertEquals(1, story.excused());
        }

        @Test
        void aBayeuxSessionThatAFailoverSetBackIsExcused() {
            story.published(NEWS, 2).cameAs(NEWS, 2, 0, 0).cameAs(NEWS, 2, 0, 3_000);
            assertBroken(TWICE);
            story.broken("redis-sleep", 2_500, 3_000);
            assertGood();
            assertEquals(1, story.excused());
        }

        @Test
        void whatWasStoredAgainForNothingIsNot() {
            story.published(MAILBOX, 2, 900, LIFE_MS, 2)
                    .broken("publisher-kill", 1_900, 2_000)
                    .cameAs(MAILBOX, 2, 102, 0)
                    .cameAs(MAILBOX, 2, 900, 100);
            assertBroken(TWICE);
        }
    }

    @Nested
    class Lives {

        @Test
        void aMessageThatComesAfterItsLifeAndTransitOutlivedIt() {
            story.published(MAILBOX, 0, 100, 2_000, 1).cameAs(MAILBOX, 0, 100, 3_000);
            assertGood();
            story.published(MAILBOX, 1, 101, 2_000, 1).cameAs(MAILBOX, 1, 101, 3_001);
            assertBroken(OUTLIVED);
        }
    }

    @Nested
    class Deafness {

        @Test
        void aMessageThatComesAfterTheBoundWasNotHeard() {
            story.published(MAILBOX, 0).cameLate(MAILBOX, 0, 5_000);
            assertGood();
            story.published(MAILBOX, 1).cameLate(MAILBOX, 1, 5_001);
            assertBroken(DEAF);
        }

        @Test
        void theBoundCountsFromTheEndOfAFault() {
            story.published(MAILBOX, 0).broken("redis-stop", 1_000, 9_000).cameLate(MAILBOX, 0, 13_000);
            assertGood();
            story.published(MAILBOX, 1).cameLate(MAILBOX, 1, 13_500);
            assertBroken(DEAF);
        }

        @Test
        void andOfOneThatBeganBeforeTheBoundHadPassed() {
            story.published(MAILBOX, 0)
                    .broken("redis-stop", 0, 1_000)
                    .broken("gateway-kill", 4_000, 5_000)
                    .broken("gateway-kill", 9_000, 10_000)
                    .cameLate(MAILBOX, 0, 14_900);
            assertGood();
        }

        @Test
        void aFaultThatCameLaterExcusesNothing() {
            story.published(MAILBOX, 0).broken("redis-stop", 5_500, 9_000).cameLate(MAILBOX, 0, 6_000);
            assertBroken(DEAF);
        }

        @Test
        void whoWasAwayHearsAfterItsReturn() {
            story.published(MAILBOX, 0).away(0, 8_000).cameLate(MAILBOX, 0, 12_000);
            assertGood();
        }

        @Test
        void whatExpiredWhileItsBrowserWaitedWasNotHeard() {
            story.published(MAILBOX, 0, 100, 8_000, 1).told(MAILBOX, GapTold.EXPIRED, 9_000);
            assertBroken(DEAF);
        }

        @Test
        void whatWasLostWithItsSessionDidNotExpire() {
            story.published(NEWS, 0)
                    .broken("redis-restart-empty", 500, 600)
                    .satFrom(0, 700)
                    .told(NEWS, GapTold.EXPIRED, 9_000);
            assertGood();
        }

        @Test
        void whatExpiredWhileItsBrowserWasAwayHadToBeTold() {
            story.published(MAILBOX, 0, 100, 8_000, 1).away(0, 9_000).told(MAILBOX, GapTold.EXPIRED, 9_100);
            assertGood();
        }
    }

    @Nested
    class Meanings {

        @Test
        void aNumberOfTwoMessagesHasTwoMeanings() {
            story.published(MAILBOX, 0, 100, LIFE_MS, 1)
                    .published(MAILBOX, 1, 101, LIFE_MS, 1)
                    .published(NEWS, 2, 100, LIFE_MS, 1)
                    .came(MAILBOX, 0, 1)
                    .cameAs(NEWS, 2, 100, 0);
            assertGood();
            story.neverAcknowledged(MAILBOX, 3).cameAs(MAILBOX, 3, 101, 0);
            assertEquals(Map.of(MEANING, 1, REORDERED, 1), story.broken());
        }

        @Test
        void aMessageInSomebodyElsesStreamHasNoneThere() {
            story.published(MAILBOX, 0).came(MAILBOX, 0);
            story.neverAcknowledged(Stream.mailbox("bert"), 1).came(MAILBOX, 1);
            assertBroken(MEANING);
        }
    }
}
