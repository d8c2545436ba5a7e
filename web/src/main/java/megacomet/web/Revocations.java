package megacomet.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which tokens the application has revoked, though they have not expired: all of a subject that were issued before a time. One
 * instance a process, kept up to date by whoever reads them from Redis. May be used from any thread.
 *
 * <p>It remembers what it heard until the tokens are over by themselves, whatever becomes of the record in Redis: a failover must
 * not make a revoked token good again here.
 */
public final class Revocations {

    private final Map<String, Revoked> bySubject = new ConcurrentHashMap<>();

    /**
     * @param issuedBeforeMs tokens issued before this are good no more, epoch ms
     * @param untilMs from when no such token can be alive, epoch ms
     */
    private record Revoked(long issuedBeforeMs, long untilMs) {
        Revoked and(Revoked other) {
            return new Revoked(Math.max(issuedBeforeMs, other.issuedBeforeMs), Math.max(untilMs, other.untilMs));
        }
    }

    /**
     * Adds a revocation.
     *
     * @param issuedBeforeMs tokens issued before this are good no more, epoch ms
     * @param untilMs how long that must be remembered, epoch ms
     * @return whether it revokes anything that was good until now
     */
    public boolean add(String subject, long issuedBeforeMs, long untilMs) {
        Revoked known = bySubject.get(subject);
        bySubject.merge(subject, new Revoked(issuedBeforeMs, untilMs), Revoked::and);
        return known == null || issuedBeforeMs > known.issuedBeforeMs;
    }

    /**
     * Whether a token of that subject is revoked.
     *
     * @param issuedMs when it was issued, epoch ms; 0 if it does not say, so that any revocation of its subject revokes it
     */
    public boolean isRevoked(String subject, long issuedMs) {
        Revoked revoked = bySubject.get(subject);
        return revoked != null && issuedMs < revoked.issuedBeforeMs;
    }

    /** Forgets those of which no token can be alive. */
    public void forgetOver(long nowMs) {
        bySubject.values().removeIf(revoked -> revoked.untilMs <= nowMs);
    }

    /** How many subjects have revoked tokens. */
    public int size() {
        return bySubject.size();
    }
}
