package megacomet.loadtest.browser;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.dialect.Dialects;
import megacomet.loadtest.dialect.Setting;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.message.Stamp;
import megacomet.loadtest.wire.Target;

/** A process that prints how many bytes of its heap each of its waiting browsers takes. Its arguments: URL, dialect, how many. */
final class HeapProbe {

    private static final int WARM_UP = 200;
    private static final long PATIENCE_MS = 60_000;

    private HeapProbe() {}

    public static void main(String[] arguments) throws InterruptedException {
        Target target = Target.parse(arguments[0]);
        int browsers = Integer.parseInt(arguments[2]);
        Holding holding = new Holding();
        Network network = new Network();
        Crowd[] crowds = new Crowd[2];
        crowds[0] = crowd(target, arguments[1], 0, WARM_UP, network, holding);
        open(crowds[0], network, holding, WARM_UP);
        long before = usedBytes();
        crowds[1] = crowd(target, arguments[1], WARM_UP, browsers, network, holding);
        open(crowds[1], network, holding, WARM_UP + browsers);
        System.out.println((usedBytes() - before) / browsers);
        System.exit(crowds.length - 2); // Both are alive until here.
    }

    private static Crowd crowd(Target target, String dialect, int first, int count, Network network, Tally tally) {
        Setting setting = new Setting("probe", null, 55_000, null);
        return new Crowd(
                new Crowd.Identity(0, first, 1, count, "load-probe-0"),
                target,
                Dialects.named(dialect).at(target, setting),
                new Stamp("probe"),
                List.of(new InetSocketAddress("127.9.9.9", 0)),
                network,
                tally);
    }

    private static void open(Crowd crowd, Network network, Holding holding, int expected) throws InterruptedException {
        network.loop().execute(() -> new Opening(network.loop(), List.of(crowd), 20_000, 0).start());
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (holding.held < expected) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(holding.held + " wait, " + holding.counts.errors);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static long usedBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static final class Holding implements Tally {
        private final Counts counts = new Counts();
        private volatile int held;

        @Override
        public Counts counts() {
            return counts;
        }

        @Override
        public void connected(int change) {
            // What waits is connected.
        }

        @Override
        @SuppressWarnings("NonAtomicOperationOnVolatileField") // One thread writes.
        public void held(int change) {
            held += change;
        }

        @Override
        public void back() {
            // There is no storm.
        }

        @Override
        public void delivered(int group, boolean isOfTopic, int number, long dueUs) {
            // Nothing is published.
        }

        @Override
        public void exhausted(String sentence) {
            throw new IllegalStateException(sentence);
        }
    }
}
