package megacomet.standalone;

import java.util.List;
import java.util.Map;
import megacomet.conformance.ConformanceCommand;
import megacomet.loadtest.LoadtestCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bin/megacomet}: every command, with options that each have an environment variable as well.
 *
 * <p>Exit codes: 0 done, 1 it could not be done (a port is taken, say), 2 it was asked wrongly.
 */
@Command(
        name = "megacomet",
        description = "A push gateway: publish JSON over HTTP, browsers wait for it by long-poll.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            StandaloneCommand.class,
            GatewayCommand.class,
            PublisherCommand.class,
            TokenCommand.class,
            DoctorCommand.class,
            ConformanceCommand.class,
            LoadtestCommand.class
        })
public final class Main implements Runnable {

    static final int EXIT_FAILED = 1;
    static final int EXIT_MISUSED = 2;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs a command and returns its exit code. */
    static int run(String... arguments) {
        return commands(System.getenv()).execute(arguments);
    }

    /** @param variables the environment */
    static CommandLine commands(Map<String, String> variables) {
        CommandLine commands = new CommandLine(new Main());
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setUsageHelpLongOptionsMaxWidth(28);
        commands.setDefaultValueProvider(new Environment(variables));
        commands.setParameterExceptionHandler(Main::misused);
        commands.setExecutionExceptionHandler(Main::failed);
        Converters.on(commands);
        Environment.describe(commands);
        return commands;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; bin/megacomet --help lists them");
    }

    private static int misused(ParameterException e, String[] arguments) {
        say(e.getMessage());
        return EXIT_MISUSED;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        say(Failures.sentence(e));
        return e instanceof IllegalArgumentException ? EXIT_MISUSED : EXIT_FAILED;
    }

    /** One line, whatever it is that must be said. */
    private static void say(String message) {
        System.err.println("megacomet: " + String.join(" ", List.of(message.split("\\s*\\R\\s*"))));
    }
}
