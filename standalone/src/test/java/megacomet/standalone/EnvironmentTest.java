package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Options that stand in the environment. */
class EnvironmentTest {

    private static final String REDIS = "redis://localhost";

    private static CommandLine parse(Map<String, String> variables, String... arguments) {
        CommandLine commands = Main.commands(variables);
        commands.parseArgs(arguments);
        return commands.getSubcommands().get(arguments[0]);
    }

    private static <T> T value(CommandLine command, String option) {
        return command.getCommandSpec().findOption(option).getValue();
    }

    @Test
    void aVariableIsAsGoodAsItsOptionAndTheOptionWins() {
        Map<String, String> variables = Map.of(
                "MEGACOMET_PORT", "1234",
                "MEGACOMET_HOLD_TIMEOUT", "90s",
                "MEGACOMET_ORIGINS", "https://a.example,https://b.example",
                "MEGACOMET_JWT_SECRET", "from the environment");
        CommandLine gateway = parse(variables, "gateway", "--redis-url", REDIS);
        assertEquals(1_234, EnvironmentTest.<Integer>value(gateway, "--port"));
        assertEquals(Duration.ofSeconds(90), value(gateway, "--hold-timeout"));
        assertEquals(List.of("https://a.example", "https://b.example"), value(gateway, "--origins"));
        assertEquals("from the environment", value(gateway, "--jwt-secret"));
        gateway = parse(variables, "gateway", "--redis-url", REDIS, "--port", "5678", "--origins", "https://c.example");
        assertEquals(5_678, EnvironmentTest.<Integer>value(gateway, "--port"));
        assertEquals(List.of("https://c.example"), value(gateway, "--origins"));
    }

    @Test
    void anEmptyVariableIsAsGoodAsNone() {
        CommandLine gateway = parse(Map.of("MEGACOMET_PORT", "", "MEGACOMET_OPEN", ""), "gateway");
        assertEquals(8_080, EnvironmentTest.<Integer>value(gateway, "--port"));
        assertEquals(false, value(gateway, "--open"));
    }

    @Test
    void aSwitchIsOnIfItsVariableSaysSoOrTheCommandLineOrBoth() {
        assertEquals(false, value(parse(Map.of(), "gateway"), "--open"));
        assertEquals(true, value(parse(Map.of("MEGACOMET_OPEN", "true"), "gateway"), "--open"));
        assertEquals(true, value(parse(Map.of(), "gateway", "--open"), "--open"));
        assertEquals(true, value(parse(Map.of("MEGACOMET_OPEN", "true"), "gateway", "--open"), "--open"));
        assertEquals(true, value(parse(Map.of("MEGACOMET_OPEN", "false"), "gateway", "--open"), "--open"));
        assertEquals(false, value(parse(Map.of("MEGACOMET_OPEN", "true"), "gateway", "--open=false"), "--open"));
        assertEquals(
                true,
                value(
                        parse(Map.of("MEGACOMET_PROXY_PROTOCOL", "true"), "gateway", "--proxy-protocol"),
                        "--proxy-protocol"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PORT=x", "OPEN=perhaps", "HOLD_TIMEOUT=5", "REDIS_URL=http://x", "TLS_CERT=/nonexistent"})
    void aWrongVariableIsRefusedAsAWrongOptionIs(String variable) {
        String[] parts = variable.split("=");
        assertThrows(
                CommandLine.ParameterException.class,
                () -> parse(Map.of("MEGACOMET_" + parts[0], parts[1]), "gateway"));
    }

    @Test
    void everyOptionOfEveryCommandIsDescribedWithItsVariableAndNoTwoMeanAnother() {
        CommandLine commands = Main.commands(Map.of());
        assertEquals(
                Set.of("standalone", "gateway", "publisher", "loadtest", "conformance", "token", "doctor"),
                new HashSet<>(commands.getSubcommands().keySet()));
        commands.getSubcommands().forEach((name, command) -> {
            String help = command.getUsageMessage().replaceAll("\\s+", "");
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (option.usageHelp() || option.versionHelp()) {
                    continue;
                }
                String variable = Environment.variableOf(option);
                assertTrue(variable.matches("MEGACOMET_[A-Z_]+"), variable);
                assertTrue(help.contains("(" + variable + ")"), name + " does not tell of " + variable);
                assertFalse(String.join("", option.description()).isBlank());
            }
        });
    }
}
