package megacomet.redis;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/** A gateway process, from its start to its end; another start is another node. Eleven random letters and digits. */
public record NodeId(String value) {

    private static final int LENGTH = 11;
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern PATTERN = Pattern.compile("[0-9A-Za-z]{" + LENGTH + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public NodeId {
        if (!PATTERN.matcher(value).matches()) {
            throw new IllegalArgumentException("a node's id has " + LENGTH + " letters and digits");
        }
    }

    /** Returns one that no other process has. */
    public static NodeId random() {
        StringBuilder id = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return new NodeId(id.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
