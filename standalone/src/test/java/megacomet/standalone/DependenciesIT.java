package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds what the product is made of against {@code security-advisories.tsv}, without a network: the bill of materials names every
 * library that was resolved, the list names the versions that are safe.
 */
class DependenciesIT {

    private static final Path SBOM = Path.of("target", "sbom.json");
    private static final Path LIBRARIES = Path.of("target", "lib");
    private static final Path ADVISORIES = Path.of("..", "security-advisories.tsv");

    /** One line of the list. */
    private record Advisory(String library, String safeFrom, String name, String acceptedBecause) {
        static Advisory parse(String line) {
            String[] fields = line.split("\t", -1);
            assertEquals(4, fields.length, "four fields: " + line);
            return new Advisory(fields[0], fields[1], fields[2], fields[3].strip());
        }

        boolean isAbout(JsonNode component) {
            String group = component.path("group").asText();
            String name = component.path("name").asText();
            return library.equals(group + ":*") || library.equals(group + ":" + name);
        }

        boolean isBroken(String version) {
            return acceptedBecause.isEmpty() && compare(version, safeFrom) < 0;
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
        List<String> broken = new ArrayList<>();
        for (Advisory advisory : advisories) {
            List<JsonNode> meant =
                    components().stream().filter(advisory::isAbout).toList();
            assertFalse(meant.isEmpty(), advisory.library + " is not used any more: take its line out");
            meant.stream()
                    .filter(component ->
                            advisory.isBroken(component.path("version").asText()))
                    .forEach(component -> broken.add(component.path("purl").asText() + ": " + advisory.name
                            + ", safe from " + advisory.safeFrom + " on"));
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void theBillOfMaterialsNamesEveryLibraryThatIsShipped() throws IOException {
        TreeSet<String> named = new TreeSet<>();
        for (JsonNode component : components()) {
            named.add(component.path("name").asText() + "-"
                    + component.path("version").asText());
        }
        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            List<String> missing = jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> jar.endsWith(".jar"))
                    .filter(jar -> named.stream().noneMatch(jar::startsWith))
                    .toList();
            assertEquals(List.of(), missing);
        }
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

    private static List<JsonNode> components() throws IOException {
        List<JsonNode> components = new ArrayList<>();
        new ObjectMapper().readTree(Files.readAllBytes(SBOM)).path("components").forEach(components::add);
        assertTrue(components.size() > 20, "a bill of materials with few lines is none");
        return components;
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
