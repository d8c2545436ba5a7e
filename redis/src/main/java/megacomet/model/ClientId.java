package megacomet.model;

import java.nio.charset.StandardCharsets;

/**
 * The name that the application gave to a client: 1 to 128 characters (code points) of Unicode without controls.
 *
 * <p>U+FFFD is refused too: decoders put it where bytes were not UTF-8, and two broken names would meet in one mailbox.
 */
public record ClientId(String value) implements Comparable<ClientId> {

    /** The longest name, in code points. */
    public static final int MAX_LENGTH = 128;

    /** What the ids of Bayeux sessions begin with: each is a client of its own. */
    public static final String SESSION_PREFIX = "bayeux:";

    private static final int REPLACEMENT_CHARACTER = 0xFFFD;

    /** @throws IllegalArgumentException with a sentence for the user if {@code value} is no such name */
    public ClientId {
        int length = value.codePointCount(0, value.length());
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a client id has 1 to " + MAX_LENGTH + " characters, this one has " + length);
        }
        for (int i = 0, character; i < value.length(); i += Character.charCount(character)) {
            character = value.codePointAt(i);
            check(character);
        }
    }

    /**
     * Returns the client of a name that came from outside: a token, a request, an application. Sessions are nobody's to name,
     * because who could would read what is another's.
     *
     * @throws IllegalArgumentException with a sentence for the user if {@code value} is no such name, or a session's
     */
    public static ClientId given(String value) {
        if (value.startsWith(SESSION_PREFIX)) {
            throw new IllegalArgumentException(
                    "client ids that begin with " + SESSION_PREFIX + " are those of Bayeux sessions");
        }
        return new ClientId(value);
    }

    /** Whether this is a Bayeux session. What it follows lives as long as the session does. */
    public boolean isOfSession() {
        return value.startsWith(SESSION_PREFIX);
    }

    /** Returns the name's UTF-8, as it stands in Redis keys and wakes. */
    public byte[] utf8() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(ClientId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static void check(int character) {
        boolean surrogate = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
        if (Character.isISOControl(character) || surrogate || character == REPLACEMENT_CHARACTER) {
            throw new IllegalArgumentException(String.format(
                    "a client id has no control characters and no broken ones, this one has U+%04X", character));
        }
    }
}
