package megacomet.standalone;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives every option an environment variable: {@code --publish-port} is {@code MEGACOMET_PUBLISH_PORT}. What stands on the
 * command line wins. An empty variable is as good as none.
 */
final class Environment implements IDefaultValueProvider {

    private static final String PREFIX = "MEGACOMET_";

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        String value = argument.isOption() ? variables.get(variableOf((OptionSpec) argument)) : null;
        return value == null || value.isEmpty() ? null : value;
    }

    static String variableOf(OptionSpec option) {
        return PREFIX
                + option.longestName().replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Names the variables in the help. */
    static void describe(CommandLine commands) {
        for (CommandLine command : commands.getSubcommands().values()) {
            describe(command);
            for (OptionSpec option : List.copyOf(command.getCommandSpec().options())) {
                if (!option.usageHelp() && !option.versionHelp()) {
                    describe(command, option);
                }
            }
        }
    }

    private static void describe(CommandLine command, OptionSpec option) {
        String[] description = option.description();
        String said = String.join(" ", description) + " (" + variableOf(option) + ")";
        CommandLine.Model.CommandSpec spec = command.getCommandSpec();
        spec.remove(option);
        spec.add(option.toBuilder().description(said).build());
    }
}
