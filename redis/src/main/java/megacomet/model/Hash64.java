package megacomet.model;

/**
 * A 64-bit hash that never changes: FNV-1a, finished by the mixer of MurmurHash3 so that every bit of it is good. Where a
 * client's keys are in Redis depends on it, so it is part of the deployment's format. It keeps nobody out: names are
 * chosen by whoever may choose them.
 */
public final class Hash64 {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Hash64() {}

    /** Returns the hash of {@code bytes}. */
    public static long of(byte[] bytes) {
        long hash = FNV_OFFSET;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
