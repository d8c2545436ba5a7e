package megacomet.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is broken is noticed: a server that passes a statement fails it once exactly that is sabotaged. */
class SabotagedServerIT {

    @TestFactory
    List<DynamicTest> isNoticed() {
        return Sabotage.all().stream()
                .map(sabotage -> DynamicTest.dynamicTest(sabotage.toString(), () -> assertNoticed(sabotage)))
                .toList();
    }

    private static void assertNoticed(Sabotage sabotage) throws Exception {
        String key = "%03d %s".formatted(sabotage.statement(), sabotage.transport());
        assertEquals("PASS", ExpectedVerdicts.read("cometd-7.0.11.txt").get(key), "the verdict without sabotage");
        try (CometdServer server = CometdServer.sabotaged(sabotage)) {
            Tool tool = Tool.run(
                    "--url", server.url(),
                    "--only", String.valueOf(sabotage.statement()),
                    "--transport", sabotage.transport(),
                    "--timeout-ms", String.valueOf(CometdServer.TIMEOUT_MS),
                    "--max-interval-ms", String.valueOf(CometdServer.MAX_INTERVAL_MS),
                    "--rejected-token", CometdServer.REJECTED_TOKEN);
            assertEquals(Map.of(key, "FAIL"), tool.verdicts(), tool::said);
        }
    }
}
