package megacomet.web;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers which browser cookies came with messages of sessions lately, so that a large body can be told from a stranger's
 * before it is read. That is a hint: it forgets, because a later browser takes an earlier one's place, and who is forgotten can
 * still be known otherwise. It never takes a stranger for known, unless he guesses 63 bits of a hash.
 *
 * <p>Its size is fixed, 1 MiB. For any thread.
 */
public final class KnownBrowsers {

    private static final int PLACES = 1 << 17;

    /** So many hexadecimal digits of a hash are remembered. */
    private static final int DIGITS = 16;

    private final AtomicLongArray places = new AtomicLongArray(PLACES);

    /**
     * A browser sent a message of a session that is its own.
     *
     * @param hash of its cookie, in hexadecimal; empty if it has none
     */
    public void learn(String hash) {
        if (hash.length() >= DIGITS) {
            long tag = tag(hash);
            int place = place(tag);
            if (places.getPlain(place) != tag) {
                places.setOpaque(place, tag);
            }
        }
    }

    /** Whether a browser with that cookie did so lately. */
    public boolean knows(String hash) {
        return hash.length() >= DIGITS && places.getOpaque(place(tag(hash))) == tag(hash);
    }

    /** Never 0, which is an empty place. */
    private static long tag(String hash) {
        return Long.parseUnsignedLong(hash, 0, DIGITS, 16) | 1;
    }

    private static int place(long tag) {
        return (int) (tag >>> 1) & PLACES - 1;
    }
}
