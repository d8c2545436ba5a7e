package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A wrong time of day for single processes, by libfaketime; monotonic clocks stay as they are. */
public final class WrongClock {

    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String LIBRARY = "faketime/libfaketime.so.1";

    private WrongClock() {}

    /** Why it cannot be had on this machine, in a sentence; null if it can. */
    public static String obstacle() {
        return library() == null ? "there is no libfaketime (Debian's package faketime)" : null;
    }

    /**
     * Variables for the environment of a process whose clock shall be off.
     *
     * @param seconds by how much it is ahead; negative if it is behind
     */
    public static Map<String, String> ahead(int seconds) {
        return Map.of(
                "LD_PRELOAD",
                library().toString(),
                "FAKETIME",
                "%+d".formatted(seconds),
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // What it takes for a mistake of some C libraries and mends would end timed waits of this one at once.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    private static Path library() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(LIBRARIES)) {
            for (Path folder : folders) {
                Path library = folder.resolve(LIBRARY);
                if (Files.exists(library)) {
                    return library;
                }
            }
        } catch (IOException notThere) {
            // Then there is no such library either.
        }
        return null;
    }
}
