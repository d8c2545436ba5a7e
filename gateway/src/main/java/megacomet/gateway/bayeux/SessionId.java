package megacomet.gateway.bayeux;

import java.security.SecureRandom;
import java.util.regex.Pattern;
import megacomet.model.ClientId;

/** The names of sessions: a {@code clientId} on the wire, which nobody can guess, is a client's of ours with a prefix. */
final class SessionId {

    /** Of 62 characters, 22 have more than 128 bits. */
    private static final int LENGTH = 22;

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z]{" + LENGTH + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionId() {}

    /** Returns a new {@code clientId}. */
    static String random() {
        StringBuilder id = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** Returns the client that a {@code clientId} stands for, or null if it is none that was ever given. */
    static ClientId client(String clientId) {
        boolean isOne = clientId != null && FORM.matcher(clientId).matches();
        return isOne ? new ClientId(ClientId.SESSION_PREFIX + clientId) : null;
    }
}
