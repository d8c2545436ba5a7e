package megacomet.loadtest.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The application's key, as it stands in a file: one line. */
public final class ApiKey {

    private ApiKey() {}

    /** Null for no file. */
    public static String fromFile(String file) {
        if (file == null) {
            return null;
        }
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("the API key file '" + file + "' cannot be read", e);
        }
    }
}
