package megacomet;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks of this module, with what they allocate; {@code make bench-jmh}. It is no part of the tests. */
class HotPathsBench {

    private static final String ONLY = System.getProperty("megacomet.jmh.only", ".*");

    @Test
    void benchmarks() throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(ONLY)
                        .addProfiler(GCProfiler.class)
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .build())
                .run();
    }
}
