package megacomet.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who has how many bytes that were written to it and that it has not taken, and who must go when they are too many.
 *
 * <p>What counts is progress and not completion: a slow browser that takes a little every few seconds is honest, one that
 * takes nothing is not. So a connection has the deadline for each step, not for all.
 *
 * <p>Each connection is updated by one thread at a time; everything else may be called from any thread.
 *
 * @param <C> what stands for a connection
 */
final class UnsentLedger<C> {

    /** How long a connection must have taken nothing to be cut when the budget is spent. */
    static final long STALLED_MS = 1_000;

    private final long maxBytes;
    private final long maxBytesEach;
    private final long deadlineMs;
    private final AtomicLong bytes = new AtomicLong();
    private final Map<C, Account> accounts = new ConcurrentHashMap<>();

    /** One connection. Its fields are written by the connection's thread, and read by whoever looks for one to cut. */
    private static final class Account {
        final long sinceMs;
        volatile long bytes;
        volatile long progressMs;
        private long mark;

        Account(long nowMs, long mark) {
            this.sinceMs = nowMs;
            this.progressMs = nowMs;
            this.mark = mark;
        }

        void update(long newBytes, long newMark, long nowMs) {
            if (newBytes < bytes || newMark != mark) {
                progressMs = nowMs;
            }
            mark = newMark;
            bytes = newBytes;
        }
    }

    /**
     * Makes an empty one.
     *
     * @param maxBytes how many bytes all connections may have together
     * @param maxBytesEach how many one may have
     * @param deadlineMs how long one may take nothing
     */
    UnsentLedger(long maxBytes, long maxBytesEach, long deadlineMs) {
        this.maxBytes = maxBytes;
        this.maxBytesEach = maxBytesEach;
        this.deadlineMs = deadlineMs;
    }

    /**
     * Notes what a connection has not taken.
     *
     * @param unsent how many bytes; with 0 the connection is forgotten
     * @param mark anything that is another when the peer has taken something
     */
    void update(C connection, long unsent, long mark, long nowMs) {
        if (unsent == 0) {
            forget(connection);
            return;
        }
        // In one step with the map, because another thread may take the connection out to cut it.
        accounts.compute(connection, (same, known) -> {
            Account account = known == null ? new Account(nowMs, mark) : known;
            bytes.addAndGet(unsent - account.bytes);
            account.update(unsent, mark, nowMs);
            return account;
        });
    }

    /** The connection is closed, or has taken everything. */
    void forget(C connection) {
        accounts.computeIfPresent(connection, (same, account) -> {
            bytes.addAndGet(-account.bytes);
            return null;
        });
    }

    /** Whether the connection has taken nothing for the deadline. */
    boolean isOverdue(C connection, long nowMs) {
        Account account = accounts.get(connection);
        return account != null && nowMs - account.progressMs >= deadlineMs;
    }

    /** Whether the connection has more than one may have. */
    boolean isTooMuch(C connection) {
        Account account = accounts.get(connection);
        return account != null && account.bytes > maxBytesEach;
    }

    /** How many bytes the connection has not taken. */
    long bytes(C connection) {
        Account account = accounts.get(connection);
        return account == null ? 0 : account.bytes;
    }

    /** How many bytes all connections have not taken. */
    long bytes() {
        return bytes.get();
    }

    /** How many connections have any. */
    int connections() {
        return accounts.size();
    }

    /** Whether there are as many bytes as may be. */
    boolean isFull() {
        return bytes.get() >= maxBytes;
    }

    /**
     * Takes out connections until a quarter of the whole is free again, and returns them for the caller to cut. Those go
     * first that have taken nothing for longest with the most bytes; then those that have had something for longer than the
     * deadline, without a break. A connection that drains is left alone: if only such are left, it stays full.
     */
    synchronized List<C> shed(long nowMs) {
        if (!isFull()) {
            return List.of();
        }
        List<C> shed = new ArrayList<>();
        take(shed, account -> nowMs - account.progressMs, STALLED_MS);
        take(shed, account -> nowMs - account.sinceMs, deadlineMs);
        return shed;
    }

    /** Takes out all, because there is no more memory. */
    synchronized List<C> shedAll() {
        List<C> all = List.copyOf(accounts.keySet());
        all.forEach(this::forget);
        return all;
    }

    private interface Age {
        long ms(Account account);
    }

    /** As it was when it was looked at: an account changes while accounts are sorted. */
    private record Candidate<C>(C connection, double byteMs) {}

    private void take(List<C> shed, Age age, long atLeastMs) {
        long enough = maxBytes - maxBytes / 4;
        if (bytes.get() <= enough) {
            return;
        }
        List<Candidate<C>> candidates = new ArrayList<>();
        accounts.forEach((connection, account) -> {
            long ageMs = age.ms(account);
            if (ageMs >= atLeastMs) {
                candidates.add(new Candidate<>(connection, (double) account.bytes * ageMs));
            }
        });
        candidates.sort(Comparator.comparingDouble(candidate -> -candidate.byteMs));
        for (Candidate<C> candidate : candidates) {
            if (bytes.get() <= enough) {
                return;
            }
            forget(candidate.connection);
            shed.add(candidate.connection);
        }
    }
}
