package megacomet.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import megacomet.conformance.wire.Json;
import picocli.CommandLine;

/** The tool, run as from a command line. */
record Tool(int exitCode, String said, JsonNode report) {

    /** Runs it, with a JSON report into a file that is read and removed. */
    static Tool run(String... arguments) throws IOException {
        Path json = Files.createTempFile("conformance", ".json");
        try {
            List<String> all = new ArrayList<>(List.of(arguments));
            all.addAll(List.of("--json", json.toString()));
            StringWriter said = new StringWriter();
            CommandLine command = ConformanceCommand.commandLine();
            command.setOut(new PrintWriter(said));
            command.setErr(new PrintWriter(said));
            int exitCode = command.execute(all.toArray(String[]::new));
            String written = Files.readString(json);
            return new Tool(exitCode, said.toString(), written.isEmpty() ? Json.object() : Json.parse(written));
        } finally {
            Files.delete(json);
        }
    }

    /** What it found out, by "number transport". */
    Map<String, String> verdicts() {
        Map<String, String> verdicts = new TreeMap<>();
        for (JsonNode statement : report.path("statements")) {
            for (JsonNode outcome : statement.path("outcomes")) {
                verdicts.put(
                        "%03d %s"
                                .formatted(
                                        statement.path("number").asInt(),
                                        outcome.path("transport").asText()),
                        outcome.path("verdict").asText());
            }
        }
        return verdicts;
    }
}
