package megacomet.loadtest;

import java.util.concurrent.Callable;
import megacomet.loadtest.profile.Profile;
import megacomet.loadtest.report.Reports;
import megacomet.loadtest.run.Outcome;
import megacomet.loadtest.run.Progress;
import megacomet.loadtest.run.Run;
import megacomet.loadtest.run.RunOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all scenarios do alike: run their profile, and say what came of it. */
abstract class ScenarioCommand implements Callable<Integer> {

    private static final int GOOD = 0;
    private static final int BREACHED = 1;

    @Mixin
    private TargetOptions target;

    @Spec
    private CommandSpec spec;

    /** What is to be done. */
    abstract Profile profile();

    /** The scenario's name. */
    final String scenario() {
        return spec.name();
    }

    @Override
    public final Integer call() {
        RunOptions options = target.toRunOptions();
        Progress progress = new Progress(System.err, System.console() != null);
        Run run = new Run(profile(), options, commandLine(), progress);
        Thread atCtrlC = new Thread(run::interrupt, "interrupt");
        Runtime.getRuntime().addShutdownHook(atCtrlC);
        try {
            Outcome outcome = run.run();
            say(outcome, options);
            return outcome.breaches().isEmpty() ? GOOD : BREACHED;
        } finally {
            run.isSaid();
            removeHook(atCtrlC);
        }
    }

    private void say(Outcome outcome, RunOptions options) {
        Reports.print(outcome, spec.commandLine().getOut());
        if (options.json() != null) {
            Reports.writeJson(outcome, options.json());
        }
        if (options.report() != null) {
            Reports.writePage(outcome, options.report());
        }
    }

    private String commandLine() {
        return spec.root().name() + " "
                + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // It is that hook which made this end.
        }
    }
}
