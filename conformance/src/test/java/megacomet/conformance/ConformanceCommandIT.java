package megacomet.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command says when it is asked wrongly, or there is nothing to judge. */
class ConformanceCommandIT {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--level must",
                "--url nonsense",
                "--url ftp://localhost/bayeux",
                "--url http://localhost/bayeux --transport pigeon",
                "--url http://localhost/bayeux --level may",
                "--url http://localhost/bayeux --only 4711",
                "--url http://localhost/bayeux --token {"
            })
    void aWrongValueIsMisuse(String arguments) throws Exception {
        Tool tool = Tool.run(arguments.split(" "));
        assertEquals(2, tool.exitCode(), tool.said());
    }

    @Test
    void withoutAServerThereIsOneSentence() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        Tool tool = Tool.run("--url", "http://127.0.0.1:" + unused + "/bayeux");
        assertEquals(1, tool.exitCode());
        assertEquals(1, tool.said().lines().count(), tool.said());
        assertTrue(tool.said().contains("no Bayeux server at"), tool.said());
    }
}
