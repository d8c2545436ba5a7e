package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {

    @TempDir
    Path folder;

    private Path file;
    private int reads;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("keys"), "one");
    }

    private KeyFiles<String> files() throws IOException {
        return new KeyFiles<>("test keys", List.of(file), () -> {
            reads++;
            String content = Files.readString(file);
            if (content.isEmpty()) {
                throw new IllegalArgumentException("there is no key");
            }
            return content;
        });
    }

    @Test
    void aChangedFileIsReadAgainAndAnUnchangedOneIsNot() throws IOException {
        KeyFiles<String> files = files();
        files.look();
        assertEquals(1, reads);
        Files.writeString(file, "two");
        files.look();
        assertEquals("two", files.current());
    }

    @Test
    void aBrokenOrMissingFileKeepsThePreviousKeysAndIsReadOnceAChange() throws IOException {
        KeyFiles<String> files = files();
        Files.writeString(file, "");
        files.look();
        files.look();
        assertEquals("one", files.current());
        assertEquals(2, reads);
        Files.delete(file);
        files.look();
        assertEquals("one", files.current());
        Files.writeString(file, "three");
        files.look();
        assertEquals("three", files.current());
    }

    @Test
    void whatIsWrongFromTheStartIsThrown() throws IOException {
        Files.writeString(file, "");
        assertThrows(IllegalArgumentException.class, this::files);
    }
}
