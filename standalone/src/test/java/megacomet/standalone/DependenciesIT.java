package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds what the product is made of against {@code security-advisories.tsv}, without a network: the jars that are shipped name
 * every library that was resolved, the list names the versions that are safe.
 */
class DependenciesIT {

    private static final Path SBOM = Path.of("target", "sbom.json");
    private static final Path LIBRARIES = Path.of("target", "lib");
    private static final Path ADVISORIES = Path.of("..", "security-advisories.tsv");

    /** {@code name-version[-classifier].jar}, but for our own, whose versions end in {@code -SNAPSHOT}. */
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^-]*)(?:-[a-z].*)?\\.jar");

    private record Library(String name, String version) {}

    /** One line of the list. */
    private record Advisory(String library, String safeFrom, String name, String acceptedBecause) {
        static Advisory parse(String line) {
            String[] fields = line.split("\t", -1);
            assertEquals(4, fields.length, "four fields: " + line);
            return new Advisory(fields[0], fields[1], fields[2], fields[3].strip());
        }

        boolean isAbout(Library other) {
            return library.endsWith("*")
                    ? other.name.startsWith(library.substring(0, library.length() - 1))
                    : other.name.equals(library);
        }

        boolean isBroken(Library other) {
            return acceptedBecause.isEmpty() && compare(other.version, safeFrom) < 0;
        }
    }

    @Test
    void noLibraryHasAHoleThatIsKnownAndNotAcceptedWithAReason() throws IOException {
        List<Advisory> advisories;
        try (Stream<String> lines = Files.lines(ADVISORIES)) {
            advisories = lines.filter(line -> !line.startsWith("#"))
                    .map(Advisory::parse)
                    .toList();
        }
        List<Library> libraries = libraries();
        List<String> broken = new ArrayList<>();
        for (Advisory advisory : advisories) {
            List<Library> meant = libraries.stream().filter(advisory::isAbout).toList();
            assertFalse(meant.isEmpty(), advisory.library + " is not used any more: take its line out");
            meant.stream()
                    .filter(advisory::isBroken)
                    .forEach(library ->
                            broken.add(library + ": " + advisory.name + ", safe from " + advisory.safeFrom + " on"));
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void theBillOfMaterialsNamesEveryLibraryThatIsShipped() throws IOException {
        assumeTrue(Files.exists(SBOM), "Maven makes no bill of materials offline");
        Set<Library> named = new HashSet<>();
        for (JsonNode component :
                new ObjectMapper().readTree(Files.readAllBytes(SBOM)).path("components")) {
            named.add(new Library(
                    component.path("name").asText(), component.path("version").asText()));
        }
        List<Library> missing =
                libraries().stream().filter(library -> !named.contains(library)).toList();
        assertEquals(List.of(), missing);
    }

    /** A version in a module could differ from the one that the list and the root say. */
    @Test
    void versionsArePinnedInTheRootAlone() throws IOException {
        Pattern literal = Pattern.compile("<version>(\\d[^<]*)</version>");
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path pom : modules.map(module -> module.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList()) {
                List<String> versions = literal.matcher(Files.readString(pom))
                        .results()
                        .map(MatchResult::group)
                        .filter(version -> !version.contains("SNAPSHOT"))
                        .toList();
                assertEquals(List.of(), versions, pom.toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4.2.9.Final, 4.2.15, -1", "4.2.18.Final, 4.2.18, 0", "2.22, 2.22.1, -1", "1.5.38, 1.5.4, 1"})
    void versionsAreComparedByTheirNumbers(String one, String other, int expected) {
        assertEquals(expected, Integer.signum(compare(one, other)));
    }

    private static List<Library> libraries() throws IOException {
        try (Stream<Path> files = Files.list(LIBRARIES)) {
            List<Library> libraries = files.map(
                            file -> JAR.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(jar -> new Library(jar.group(1), jar.group(2)))
                    .toList();
            assertTrue(libraries.size() > 20, "few libraries are found: " + libraries);
            return libraries;
        }
    }

    private static int compare(String one, String other) {
        int[] left = numbers(one);
        int[] right = numbers(other);
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int order = Integer.compare(i < left.length ? left[i] : 0, i < right.length ? right[i] : 0);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int[] numbers(String version) {
        return Stream.of(version.split("\\."))
                .filter(part -> part.matches("\\d+"))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
