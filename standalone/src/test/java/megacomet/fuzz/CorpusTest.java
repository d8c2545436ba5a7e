package megacomet.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All that fuzzing ever found worth keeping is tried again. */
class CorpusTest {

    static final Path CORPUS = Path.of("src/test/resources/fuzz");

    @ParameterizedTest
    @EnumSource
    void whatWasFoundOnceHolds(Target target) throws IOException {
        List<Path> inputs = inputs(target);
        assertFalse(inputs.isEmpty(), "a target has a corpus");
        for (Path input : inputs) {
            try {
                target.enter(Files.readAllBytes(input));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(input + ": " + e, e);
            }
        }
    }

    static List<Path> inputs(Target target) throws IOException {
        try (Stream<Path> inputs = Files.list(CORPUS.resolve(target.word()))) {
            return inputs.sorted().toList();
        }
    }
}
