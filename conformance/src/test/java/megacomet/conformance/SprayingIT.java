package megacomet.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two addresses are used as one server. Here they are one server under two names, since CometD's nodes share no session. */
class SprayingIT {

    @Test
    void requestsOfOneSessionGoToBothAddresses() throws Exception {
        try (CometdServer server = new CometdServer(0)) {
            String second = server.url().replace("127.0.0.1", "localhost");
            Tool tool = Tool.run(
                    "--url", server.url(),
                    "--second-url", second,
                    "--only", "26,59",
                    "--transport", "long-polling,websocket",
                    "--seed", "1");
            assertEquals(
                    Map.of(
                            "026 long-polling", "PASS",
                            "059 long-polling", "PASS",
                            "059 websocket", "PASS"),
                    tool.verdicts(),
                    tool::said);
            String exchanges = tool.report().toString();
            assertTrue(exchanges.contains("POST " + server.url()), "the first address is used");
            assertTrue(exchanges.contains("POST " + second), "the second address is used");
        }
    }
}
