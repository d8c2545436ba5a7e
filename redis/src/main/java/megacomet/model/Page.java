package megacomet.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which poll of which page this is: a page draws a random {@code conn} when it loads and counts its polls in {@code n}.
 * So a retry that overtook the poll that it retries can be told from another page that took over.
 *
 * @param conn the hash of the page's conn, 0 if it sent none
 * @param n how many polls the page has sent, at most 2^53
 */
public record Page(long conn, long n) {

    /** A poll that does not say which page it is from. */
    public static final Page UNKNOWN = new Page(0, 0);

    /** The longest conn, in characters. */
    public static final int MAX_CONN_LENGTH = 64;

    /** Returns the page that calls itself {@code conn}. */
    public static Page of(String conn, long n) {
        return new Page(Hash64.of(conn.getBytes(StandardCharsets.UTF_8)), n);
    }

    /** Reads conn as scripts keep it. */
    public static Page of(byte[] conn, long n) {
        return new Page(ByteBuffer.wrap(conn).getLong(), n);
    }

    /** Whether both polls come from one page, as far as they say. */
    public boolean isSameAs(Page other) {
        return conn != 0 && conn == other.conn;
    }

    /** Whether this is an earlier poll of the page that sent {@code other}: it was overtaken on its way. */
    public boolean isOvertakenBy(Page other) {
        return isSameAs(other) && n < other.n;
    }

    /** Returns conn as scripts keep it: eight bytes, all zero if the page sent none. */
    public byte[] connBytes() {
        return ByteBuffer.allocate(Long.BYTES).putLong(conn).array();
    }
}
