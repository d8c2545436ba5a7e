package megacomet.loadtest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code megacomet loadtest <scenario>}: loads a server with virtual browsers and says what came of it.
 *
 * <p>Exit codes: 0 good; 1 something was lost, duplicated or reordered, or not all could be done; 2 it was asked wrongly, the
 * target does not answer, or the machine has not enough of something.
 */
@Command(
        name = "loadtest",
        description = "Load a server with virtual browsers: MegaComet, Nchan, Bayeux, or plain HTTP.",
        mixinStandardHelpOptions = true,
        subcommands = {
            HoldCommand.class,
            DeliverCommand.class,
            FanoutCommand.class,
            LoopCommand.class,
            StormCommand.class,
            MixedCommand.class,
            ChaosCommand.class,
            SoakCommand.class,
            SiegeCommand.class
        })
public final class LoadtestCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no scenario given: hold, deliver, fanout, loop, storm, mixed, chaos, soak or siege (--help explains them)");
    }
}
