package megacomet.web;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who may use the application's side: keys of which only the SHA-256 is kept, each with scopes. A file has a line for
 * each: name, SHA-256 in hex, scopes separated by commas; {@code #} begins a comment.
 *
 * <p>A presented key is hashed and compared in constant time with all of them, so that neither its characters nor its
 * place in the file can be guessed from how long that takes.
 */
public final class ApiKeys {

    private static final int SHA256_HEX_LENGTH = 64;

    /** The name of those who need no key. */
    private static final String NOBODY = "open";

    private final Supplier<List<Key>> keys;
    private final boolean isOpen;

    /** What a key may be for. */
    public enum Scope {
        /** To publish messages. */
        PUBLISH,
        /** To look at clients and statistics. */
        READ,
        /** To empty mailboxes and end holds. */
        MANAGE
    }

    private record Key(String name, byte[] sha256, Set<Scope> scopes) {}

    private ApiKeys(Supplier<List<Key>> keys, boolean isOpen) {
        this.keys = keys;
        this.isOpen = isOpen;
    }

    /** Nobody needs a key: for the demo. */
    public static ApiKeys open() {
        return new ApiKeys(List::of, true);
    }

    /** The keys of a file as they are now: asked at every check. */
    public static ApiKeys of(KeyFiles<ApiKeys> files) {
        return new ApiKeys(() -> files.current().keys.get(), false);
    }

    /**
     * Reads a file of keys.
     *
     * @throws IllegalArgumentException with the line that is wrong, and without what stands there
     */
    public static ApiKeys read(Path file) throws IOException {
        List<Key> keys = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                keys.add(key(line.split("\\s+"), file.getFileName() + ", line " + (i + 1)));
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(file.getFileName() + " has no API key");
        }
        List<Key> read = List.copyOf(keys);
        return new ApiKeys(() -> read, false);
    }

    private static Key key(String[] words, String where) {
        if (words.length != 3) {
            throw new IllegalArgumentException(where + ": expected a name, a SHA-256 in hex, and scopes");
        }
        if (words[1].length() != SHA256_HEX_LENGTH || !words[1].matches("[0-9a-fA-F]+")) {
            throw new IllegalArgumentException(where + ": the second word is no SHA-256 in hex");
        }
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String scope : words[2].split(",", -1)) {
            try {
                scopes.add(Scope.valueOf(scope.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(where + ": scopes are publish, read and manage", e);
            }
        }
        return new Key(words[0], HexFormat.of().parseHex(words[1].toLowerCase(Locale.ROOT)), scopes);
    }

    /**
     * Lets the request pass if it brings a key with that scope; else throws a {@link Problem}.
     *
     * @return the key's name
     */
    public String demand(HttpServerRequest request, Scope scope) {
        if (isOpen) {
            return NOBODY;
        }
        String presented = Bearer.of(request);
        if (presented == null) {
            throw Problem.of(ErrorCode.API_KEY_MISSING);
        }
        byte[] hash = Fingerprint.of(presented);
        Key found = null;
        for (Key key : keys.get()) {
            if (MessageDigest.isEqual(key.sha256, hash)) {
                found = key;
            }
        }
        if (found == null) {
            throw Problem.of(ErrorCode.API_KEY_INVALID);
        }
        if (!found.scopes.contains(scope)) {
            throw Problem.of(
                    ErrorCode.SCOPE_MISSING,
                    "It needs the scope " + scope.name().toLowerCase(Locale.ROOT) + ".");
        }
        return found.name;
    }
}
