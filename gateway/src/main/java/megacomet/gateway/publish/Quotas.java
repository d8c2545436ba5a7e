package megacomet.gateway.publish;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import megacomet.web.BrowserLimits;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/**
 * What each client that publishes from browsers has left of its limits, for one process; from any thread. A client that is at
 * several gateways has what it may at each (decision 0020).
 *
 * <p>An anonymous client makes itself a new account whenever it wants. So each message of one counts against its own account and
 * against one that all anonymous clients share.
 *
 * <p>A client that uses nothing is forgotten; and no more than {@value #MAX_KNOWN} are known, beyond which the least recently
 * used is forgotten, too.
 */
public final class Quotas {

    /** How many accounts are known at a time. */
    static final int MAX_KNOWN = 100_000;

    /** How many of the least recently used are looked at with each use, to forget those that are rested. */
    private static final int LOOKED_AT = 2;

    /** When it is worth another try if too much waits for Redis. */
    private static final long RETRY_AFTER_MS = 2_000;

    /** What a message takes of the heap beside its data while it waits for Redis. */
    private static final int WAITING_BYTES = 1 << 10;

    private static final long LEAST_WAITING_BYTES = 8 << 20;
    private static final int HEAP_SHARE = 16;

    private final BrowserLimits limits;
    private final LongSupplier clockMs;
    private final Account anonymous = new Account();
    private final BrowserLimits anonymousLimits;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final long maxWaitingBytes;

    /** In the order of their last use. */
    private final Map<String, Account> accounts = new LinkedHashMap<>();

    /** @param limits of each client whose token does not say otherwise */
    public Quotas(BrowserLimits limits) {
        this(
                limits,
                () -> System.nanoTime() / 1_000_000,
                Math.max(LEAST_WAITING_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
    }

    /** @param maxWaitingBytes how much may wait for Redis at a time, of all clients together */
    Quotas(BrowserLimits limits, LongSupplier clockMs, long maxWaitingBytes) {
        this.limits = limits;
        this.anonymousLimits = limits.ofAllAnonymous();
        this.clockMs = clockMs;
        this.maxWaitingBytes = maxWaitingBytes;
    }

    /** Returns the longest {@code ttlMs} that a client may ask for. */
    long maxTtlMs(Payer payer) {
        return limits.with(payer.limits()).maxTtlMs();
    }

    /** A message that may be published. Whoever takes one tells it what became of the message, once. */
    final class Grant {
        private final List<Account> taken;
        private final Cost cost;
        private final long takenMs;
        private final long topicWaitMs;

        private Grant(List<Account> taken, Cost cost, long takenMs, long topicWaitMs) {
            this.taken = taken;
            this.cost = cost;
            this.takenMs = takenMs;
            this.topicWaitMs = topicWaitMs;
        }

        /** Whether it may be the first of its topic. */
        boolean mayBeginTopic() {
            return topicWaitMs == 0;
        }

        /** Returns what the client is told if it must not begin the topic. */
        Problem mayNotBegin() {
            return topicWaitMs == Long.MAX_VALUE
                    ? Problem.of(ErrorCode.TOO_MANY_NEW_TOPICS, "The client may begin no topic.")
                    : Problem.later(ErrorCode.TOO_MANY_NEW_TOPICS, topicWaitMs, null);
        }

        /**
         * @param isKept whether Redis has it, or may have it
         * @param hasBegunTopic whether the topic began with it, or may have
         */
        void settle(boolean isKept, boolean hasBegunTopic) {
            waitingBytes.addAndGet(-waitingBytes(cost));
            synchronized (Quotas.this) {
                for (Account account : taken) {
                    if (!isKept) {
                        account.giveBackMessage(cost, takenMs);
                    }
                    if (mayBeginTopic() && !hasBegunTopic) {
                        account.giveBackTopic(cost, takenMs);
                    }
                }
            }
        }
    }

    /**
     * Takes what a message costs from what its client has left, and what the beginning of a topic costs if there is so much:
     * only Redis knows whether it begins. Throws a {@link Problem}, and takes nothing, if the client must not publish now.
     */
    Grant take(Payer payer, Cost cost) {
        demandRoom(cost);
        try {
            return takeFromAccounts(payer, cost);
        } catch (Problem refused) {
            waitingBytes.addAndGet(-waitingBytes(cost));
            throw refused;
        }
    }

    private void demandRoom(Cost cost) {
        if (waitingBytes.addAndGet(waitingBytes(cost)) > maxWaitingBytes) {
            waitingBytes.addAndGet(-waitingBytes(cost));
            String why = "So many messages wait for Redis that no more are taken.";
            throw Problem.later(ErrorCode.REDIS_UNAVAILABLE, why, RETRY_AFTER_MS, null);
        }
    }

    private static long waitingBytes(Cost cost) {
        return WAITING_BYTES + cost.dataBytes();
    }

    private synchronized Grant takeFromAccounts(Payer payer, Cost cost) {
        long nowMs = clockMs.getAsLong();
        BrowserLimits own = limits.with(payer.limits());
        Account account = account(payer.account(), nowMs);
        List<Account> all = new ArrayList<>(2);
        all.add(account);
        long rateMs = account.rateWaitMs(own, nowMs);
        long roomMs = account.roomWaitMs(own, cost, nowMs);
        long topicMs = account.topicWaitMs(own, cost, nowMs);
        if (payer.isAnonymous()) {
            all.add(anonymous);
            rateMs = Math.max(rateMs, anonymous.rateWaitMs(anonymousLimits, nowMs));
            roomMs = Math.max(roomMs, anonymous.roomWaitMs(anonymousLimits, cost, nowMs));
            topicMs = Math.max(topicMs, anonymous.topicWaitMs(anonymousLimits, cost, nowMs));
        }
        if (rateMs > 0) {
            throw Problem.later(ErrorCode.RATE_LIMITED, "The client publishes too much.", rateMs, null);
        }
        if (roomMs == Long.MAX_VALUE) {
            String why = "It is larger than all that may be kept of the client's: " + own.maxBytes() + " bytes.";
            throw Problem.of(ErrorCode.MESSAGE_TOO_LARGE, why);
        }
        if (roomMs > 0) {
            throw Problem.later(ErrorCode.TOO_MANY_BYTES_KEPT, roomMs, null);
        }
        for (Account each : all) {
            each.takeMessage(cost, nowMs);
            if (topicMs == 0) {
                each.takeTopic(cost, nowMs);
            }
        }
        return new Grant(all, cost, nowMs, topicMs);
    }

    /**
     * Lets a client begin a Bayeux session.
     *
     * @return 0 if it may; else after how many ms it may, and nothing was taken
     */
    public synchronized long takeHandshake(Payer payer) {
        long nowMs = clockMs.getAsLong();
        return payer.isAnonymous()
                ? anonymous.takeHandshake(anonymousLimits, nowMs)
                : account(payer.account(), nowMs).takeHandshake(limits, nowMs);
    }

    private Account account(String who, long nowMs) {
        Account known = accounts.remove(who);
        Account account = known == null ? new Account() : known;
        forgetRested(nowMs);
        accounts.put(who, account);
        return account;
    }

    private void forgetRested(long nowMs) {
        var leastRecentFirst = accounts.values().iterator();
        for (int i = 0; i < LOOKED_AT && leastRecentFirst.hasNext(); i++) {
            // With the limits of options: a token that raises them fills its buckets sooner, which does not matter
            // here.
            if (leastRecentFirst.next().isRested(limits, nowMs) || accounts.size() >= MAX_KNOWN) {
                leastRecentFirst.remove();
            }
        }
    }

    /** How many bytes of browsers' messages wait for Redis. */
    public long waitingBytes() {
        return waitingBytes.get();
    }

    /** How many accounts are known. */
    synchronized int known() {
        return accounts.size();
    }
}
