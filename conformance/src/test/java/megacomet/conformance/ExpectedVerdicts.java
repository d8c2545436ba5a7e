package megacomet.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Verdicts that are written down in a resource: a line for each statement and transport. */
final class ExpectedVerdicts {

    private ExpectedVerdicts() {}

    static Map<String, String> read(String resource) throws IOException {
        Map<String, String> verdicts = new TreeMap<>();
        try (InputStream in = ExpectedVerdicts.class.getResourceAsStream(resource)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                int end = line.lastIndexOf(' ');
                verdicts.put(line.substring(0, end), line.substring(end + 1));
            });
        }
        return verdicts;
    }
}
