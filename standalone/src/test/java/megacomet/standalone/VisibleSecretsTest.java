package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParseResult;

class VisibleSecretsTest {

    private static final Map<String, String> VARIABLES =
            Map.of("MEGACOMET_REDIS_URL", "redis://u:p@h", "MEGACOMET_JWT_SECRET", "s");

    @ParameterizedTest
    @CsvSource({
        "gateway --jwt-secret s, --jwt-secret",
        "gateway --redis-url redis://:p@h, --redis-url",
        "publisher --redis-url redis+sentinel://u:p@h/m, --redis-url"
    })
    void aSecretAmongTheArgumentsIsFound(String arguments, String option) {
        assertEquals(List.of(option), VisibleSecrets.of(parsed(Map.of(), arguments)));
    }

    @ParameterizedTest
    @CsvSource({"gateway", "gateway --redis-url redis://h", "gateway --redis-url redis://h --jwt-secret-file ../pom.xml"
    })
    void whatIsNoSecretOrComesFromTheEnvironmentIsNot(String arguments) {
        assertEquals(List.of(), VisibleSecrets.of(parsed(VARIABLES, arguments)));
    }

    private static ParseResult parsed(Map<String, String> variables, String arguments) {
        return Main.commands(variables).parseArgs(arguments.split(" ")).subcommand();
    }
}
