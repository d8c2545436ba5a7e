package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import megacomet.web.Door;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many connections each port may serve, of the files that the process may open. */
class OpenFilesTest {

    private static int all(int... connections) {
        int files = 0;
        for (int some : connections) {
            files += some + Door.told(some);
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(longs = {600, 601, 800, 1_024, 4_096, 12_345, 65_536, 1_048_576, 20_000_000, Long.MAX_VALUE})
    void whateverThePortsTakeSoManyAreKeptBack(long allowed) {
        OpenFiles files = new OpenFiles(allowed);
        int management = files.forManagement(null);
        int publisher = files.forPublisher(null);
        int browsers = files.forBrowsers(null);
        assertTrue(management >= 8 && publisher >= 20 && browsers >= 50, management + " " + publisher + " " + browsers);
        assertTrue(all(management, publisher, browsers) <= allowed - OpenFiles.SPARE);
    }

    @Test
    void withManyFilesOperatorsAndApplicationsHaveWhatTheyNeedAndBrowsersTheRest() {
        OpenFiles files = new OpenFiles(100_000);
        assertEquals(50, files.forManagement(null));
        assertEquals(2_000, files.forPublisher(null));
        assertEquals(100_000 - OpenFiles.SPARE - all(50, 2_000) - 100, files.forBrowsers(null));
    }

    @Test
    void whoWantsMoreThanThereIsIsToldHowMuchThatWouldTake() {
        OpenFiles files = new OpenFiles(10_000);
        files.forManagement(null);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> files.forBrowsers(9_500));
        assertEquals(
                "--management-max-connections 50, --max-connections 9500: together with 500 kept back and those that are"
                        + " told to come later these need 10156 open files, and the process may have 10000 (ulimit -n)",
                refused.getMessage());
    }

    @Test
    void withTooFewItDoesNotStart() {
        assertThrows(IllegalArgumentException.class, () -> new OpenFiles(599));
    }
}
