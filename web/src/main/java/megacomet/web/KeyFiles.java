package megacomet.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that stand in files, and are read again when the files change: a key that was removed must not stay good until the
 * process is restarted. What cannot be read changes nothing: the previous keys stay, and the log says so, once a change.
 *
 * <p>{@link #current} may be asked from any thread; {@link #look} blocks, and is called by one thread at a time.
 *
 * @param <T> what is read
 */
public final class KeyFiles<T> {

    /** How often files are looked at, in ms. */
    public static final long RELOAD_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);

    /** Reads what the files say, or throws an {@link IllegalArgumentException} with a sentence that repeats no key. */
    public interface Reader<T> {
        T read() throws IOException;
    }

    private final String what;
    private final List<Path> files;
    private final Reader<T> reader;
    private volatile T current;

    /** Fingerprint of the files' content when they were last read, whether or not that was any good. */
    private byte[] seen;

    /**
     * Reads the files for the first time, and throws what is wrong with them.
     *
     * @param what the files have, for the log
     */
    public KeyFiles(String what, List<Path> files, Reader<T> reader) throws IOException {
        this.what = what;
        this.files = List.copyOf(files);
        this.reader = reader;
        this.seen = fingerprint();
        this.current = reader.read();
    }

    /** Returns what the files said when they were last good. */
    public T current() {
        return current;
    }

    /** Reads the files again if they have changed. */
    public synchronized void look() {
        byte[] now = fingerprint();
        if (Arrays.equals(now, seen)) {
            return;
        }
        seen = now;
        try {
            current = reader.read();
            LOG.atInfo().addKeyValue("what", what).addKeyValue("files", names()).log("keys reloaded");
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            LOG.atError()
                    .addKeyValue("what", what)
                    .addKeyValue("files", names())
                    .addKeyValue("why", e instanceof IllegalArgumentException ? e.getMessage() : "not readable")
                    .log("keys not reloaded, the previous ones stay");
        }
    }

    private List<String> names() {
        return files.stream().map(file -> file.getFileName().toString()).toList();
    }

    /** Returns a hash of all content; of files that cannot be read, one that no content has. */
    private byte[] fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            }
            return digest.digest();
        } catch (IOException unreadable) {
            return new byte[0];
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
