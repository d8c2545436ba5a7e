package megacomet.gateway.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.redis.Publisher.Publication;
import megacomet.web.BrowserLimits;
import megacomet.web.ErrorCode;
import megacomet.web.LimitClaims;
import megacomet.web.Problem;
import org.junit.jupiter.api.Test;

/** What each client that publishes from browsers has left. */
class QuotasTest {

    private static final long ENOUGH = 1L << 40;
    private static final int DATA_BYTES = 400;
    private static final long LIFE_MS = 60_000;

    private final Payer payer = new Payer("42", "42", false, LimitClaims.NONE);
    private long nowMs = 1_000_000;

    private Quotas quotas(BrowserLimits limits) {
        return new Quotas(limits, () -> nowMs, ENOUGH);
    }

    private static Payer anonymous(int number) {
        return new Payer("bayeux:" + number, "bayeux:" + number, true, LimitClaims.NONE);
    }

    private static Cost cost(long lifeMs) {
        Publication publication = new Publication(new byte[DATA_BYTES], lifeMs, null);
        return Cost.of(new Topic("chat/7"), TopicMode.LOG, publication);
    }

    private static Problem refused(Quotas quotas, Payer who) {
        return assertThrows(Problem.class, () -> quotas.take(who, cost(LIFE_MS)));
    }

    @Test
    void aClientPublishesTenSecondsWorthAtOnceAndThenNoFasterThanItsRate() {
        Quotas quotas = quotas(new BrowserLimits(2, ENOUGH, 0, LIFE_MS, ENOUGH, 1, 1));
        for (int i = 0; i < 20; i++) {
            quotas.take(payer, cost(LIFE_MS));
        }
        Problem refused = refused(quotas, payer);
        assertEquals(ErrorCode.RATE_LIMITED, refused.code());
        assertEquals(500, refused.retryAfterMs());
        nowMs += 499;
        assertEquals(1, refused(quotas, payer).retryAfterMs(), "what was refused cost nothing");
        nowMs += 1;
        quotas.take(payer, cost(LIFE_MS));
        refused(quotas, payer);
    }

    @Test
    void bytesAreLimitedToo() {
        Quotas quotas = quotas(new BrowserLimits(1_000, DATA_BYTES, 0, LIFE_MS, ENOUGH, 1, 1));
        for (int i = 0; i < 10; i++) {
            quotas.take(payer, cost(LIFE_MS));
        }
        assertEquals(ErrorCode.RATE_LIMITED, refused(quotas, payer).code());
        nowMs += 1_000;
        quotas.take(payer, cost(LIFE_MS));
        refused(quotas, payer);
    }

    @Test
    void noMoreTopicsBeginThanMayHoweverManyAreUnderWay() {
        Quotas quotas = quotas(new BrowserLimits(1_000, ENOUGH, 6, LIFE_MS, ENOUGH, 1, 1));
        List<Quotas.Grant> underWay = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            underWay.add(quotas.take(payer, cost(LIFE_MS)));
        }
        assertEquals(6, underWay.stream().filter(Quotas.Grant::mayBeginTopic).count());
        Problem refused = underWay.get(6).mayNotBegin();
        assertEquals(ErrorCode.TOO_MANY_NEW_TOPICS, refused.code());
        assertEquals(10_000, refused.retryAfterMs());
        underWay.get(0).settle(true, true);
        underWay.get(1).settle(true, false);
        assertTrue(quotas.take(payer, cost(LIFE_MS)).mayBeginTopic(), "one did not begin");
        assertFalse(quotas.take(payer, cost(LIFE_MS)).mayBeginTopic(), "the other did");
    }

    @Test
    void noMoreIsKeptThanMayBeAndTopicsCountForADayBeyondTheirMessages() {
        long topicBytes = cost(LIFE_MS).topicBytes();
        long messageBytes = cost(LIFE_MS).messageBytes();
        Quotas quotas =
                quotas(new BrowserLimits(1_000, ENOUGH, 1_000, LIFE_MS, 2 * topicBytes + 3 * messageBytes, 1, 1));
        quotas.take(payer, cost(LIFE_MS)).settle(true, true);
        quotas.take(payer, cost(LIFE_MS)).settle(true, true);
        Quotas.Grant third = quotas.take(payer, cost(LIFE_MS));
        assertFalse(third.mayBeginTopic(), "there is room for no topic more");
        assertTrue(third.mayNotBegin().retryAfterMs() >= LIFE_MS);
        Problem refused = refused(quotas, payer);
        assertEquals(ErrorCode.TOO_MANY_BYTES_KEPT, refused.code());
        assertTrue(refused.retryAfterMs() >= LIFE_MS && refused.retryAfterMs() <= LIFE_MS * 9 / 8);
        third.settle(false, false);
        quotas.take(payer, cost(LIFE_MS));
        nowMs += LIFE_MS * 9 / 8;
        Quotas.Grant later = quotas.take(payer, cost(LIFE_MS));
        assertTrue(later.mayBeginTopic(), "the messages are gone");
        later.settle(true, true);
        assertEquals(ErrorCode.TOO_MANY_BYTES_KEPT, refused(quotas, payer).code(), "the topics' states are not");
        nowMs += (86_400_000 + 600_000 + LIFE_MS) * 9L / 8;
        assertTrue(quotas.take(payer, cost(1)).mayBeginTopic());
    }

    @Test
    void aMessageThatCanNeverBeKeptIsNotWorthARetry() {
        Quotas quotas = quotas(new BrowserLimits(1_000, ENOUGH, 1, LIFE_MS, 100, 1, 1));
        assertEquals(ErrorCode.MESSAGE_TOO_LARGE, refused(quotas, payer).code());
    }

    @Test
    void whoIsAnonymousGainsNothingByBecomingSomebodyElse() {
        Quotas quotas = quotas(new BrowserLimits(1, ENOUGH, 2, LIFE_MS, ENOUGH, 1, 3));
        int taken = 0;
        int mayBegin = 0;
        for (int i = 0; i < 1_000; i++) {
            try {
                mayBegin += quotas.take(anonymous(i), cost(LIFE_MS)).mayBeginTopic() ? 1 : 0;
                taken++;
            } catch (Problem refused) {
                assertEquals(ErrorCode.RATE_LIMITED, refused.code());
            }
        }
        assertEquals(30, taken, "as three clients");
        assertEquals(6, mayBegin, "as three clients");
        quotas.take(payer, cost(LIFE_MS));
    }

    @Test
    void aTokenRaisesOrLowersWhatItsClientMay() {
        Quotas quotas = quotas(new BrowserLimits(1, ENOUGH, 60, LIFE_MS, ENOUGH, 1, 1));
        Payer raised = new Payer("raised", "raised", false, new LimitClaims(100L, null, null, 5 * LIFE_MS, null));
        for (int i = 0; i < 1_000; i++) {
            quotas.take(raised, cost(LIFE_MS));
        }
        refused(quotas, raised);
        assertEquals(5 * LIFE_MS, quotas.maxTtlMs(raised));
        assertEquals(LIFE_MS, quotas.maxTtlMs(payer));
        Payer lowered = new Payer("lowered", "lowered", false, new LimitClaims(null, null, 0L, null, null));
        Quotas.Grant grant = quotas.take(lowered, cost(LIFE_MS));
        assertFalse(grant.mayBeginTopic());
        assertEquals(0, grant.mayNotBegin().retryAfterMs(), "there is no time to wait for");
    }

    @Test
    void whatWaitsForASlowRedisIsBoundedForAllTogether() {
        Quotas quotas = new Quotas(BrowserLimits.DEFAULT, () -> nowMs, 5_000);
        List<Quotas.Grant> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(quotas.take(new Payer("" + i, "" + i, false, LimitClaims.NONE), cost(LIFE_MS)));
        }
        Problem refused = refused(quotas, payer);
        assertEquals(ErrorCode.REDIS_UNAVAILABLE, refused.code());
        assertTrue(refused.retryAfterMs() > 0);
        waiting.forEach(grant -> grant.settle(true, false));
        assertEquals(0, quotas.waitingBytes());
        quotas.take(payer, cost(LIFE_MS));
    }

    @Test
    void sessionsBeginNoFasterThanTheirClientsMayBeginThem() {
        Quotas quotas = quotas(new BrowserLimits(1, ENOUGH, 1, LIFE_MS, ENOUGH, 1, 2));
        for (int i = 0; i < 10; i++) {
            assertEquals(0, quotas.takeHandshake(payer));
        }
        assertEquals(1_000, quotas.takeHandshake(payer));
        for (int i = 0; i < 20; i++) {
            assertEquals(0, quotas.takeHandshake(anonymous(i)));
        }
        assertEquals(500, quotas.takeHandshake(anonymous(20)));
    }

    @Test
    void whoIsRestedIsForgottenAndWhoIsNotIsKnown() {
        Quotas quotas = quotas(new BrowserLimits(1, ENOUGH, 60, LIFE_MS, ENOUGH, 1, 1));
        for (int i = 0; i < 100; i++) {
            quotas.take(new Payer("" + i, "" + i, false, LimitClaims.NONE), cost(LIFE_MS))
                    .settle(true, false);
        }
        assertEquals(100, quotas.known());
        nowMs += 2 * LIFE_MS;
        for (int i = 0; i < 50; i++) {
            quotas.take(payer, cost(LIFE_MS)).settle(true, false);
            nowMs += 1_000;
        }
        assertEquals(1, quotas.known());
    }
}
