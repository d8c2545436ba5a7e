package megacomet.web;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory beside the heap in which netty keeps what is read and written, and what is done when it ends all the same.
 *
 * <p>The JVM's {@code ExitOnOutOfMemoryError} does not see that, and nothing works without it: each read needs some, that of
 * Redis's answers too. So everything that peers have not taken is thrown away, at once; if that does not help, the process
 * exits as it does when the heap ends (decision 0017). Browsers go to another gateway, or to this one when it is back.
 */
public final class DirectMemory {

    /** For so long failures count as one, because those who failed need a moment to go. */
    static final long RELIEF_MS = 10_000;

    /** After so long without a failure the next is a new one. */
    static final long FORGOTTEN_MS = 120_000;

    private static final Logger LOG = LoggerFactory.getLogger(DirectMemory.class);

    /** As of {@code ExitOnOutOfMemoryError}. */
    private static final int EXIT_CODE = 3;

    private final Meters meters;
    private final Runnable relief;
    private final Runnable exit;
    private final LongSupplier clockMs;
    private boolean hasFailed;
    private long firstMs;
    private long lastMs;

    /** @param relief throws away what can be */
    DirectMemory(Meters meters, Runnable relief) {
        this(meters, relief, () -> Runtime.getRuntime().halt(EXIT_CODE), () -> System.nanoTime() / 1_000_000);
        meters.directMemory(this, memory -> usedBytes(), memory -> maxBytes());
    }

    DirectMemory(Meters meters, Runnable relief, Runnable exit, LongSupplier clockMs) {
        this.meters = meters;
        this.relief = relief;
        this.exit = exit;
        this.clockMs = clockMs;
    }

    /** How many bytes the process has now. */
    static long usedBytes() {
        long ofNetty = PlatformDependent.usedDirectMemory();
        if (ofNetty >= 0) {
            return ofNetty;
        }
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** How many bytes it may have. */
    static long maxBytes() {
        return PlatformDependent.maxDirectMemory();
    }

    /** Something failed; nothing is done unless it was for want of memory. From any thread. */
    public void failed(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            ended(failure);
        }
    }

    private synchronized void ended(Throwable failure) {
        meters.outOfDirectMemory().increment();
        long nowMs = clockMs.getAsLong();
        if (!hasFailed || nowMs - lastMs >= FORGOTTEN_MS) {
            hasFailed = true;
            firstMs = nowMs;
            lastMs = nowMs;
            LOG.atError()
                    .addKeyValue("used", usedBytes())
                    .addKeyValue("max", maxBytes())
                    .setCause(failure)
                    .log("no direct memory is left; connections that do not read are cut");
            relief.run();
            return;
        }
        lastMs = nowMs;
        if (nowMs - firstMs >= RELIEF_MS) {
            LOG.atError().addKeyValue("used", usedBytes()).log("no direct memory is left still; the process exits");
            exit.run();
        }
    }
}
