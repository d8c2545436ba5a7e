package megacomet.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import megacomet.redis.Store;

/** A folder that, in front of the product's class path, has one of its scripts with another text in one place. */
final class SabotagedScripts {

    private SabotagedScripts() {}

    static Path in(Path folder, String script, String original, String instead) throws IOException {
        Path file =
                folder.resolve(Store.class.getPackageName().replace('.', '/')).resolve(script);
        try (InputStream in = Store.class.getResourceAsStream(script)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(text.contains(original), script + " has no longer: " + original);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text.replace(original, instead));
        }
        return folder;
    }
}
