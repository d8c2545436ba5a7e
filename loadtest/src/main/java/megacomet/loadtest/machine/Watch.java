package megacomet.loadtest.machine;

import java.util.List;

/** The memory and CPU of some processes together, from one look to the next. */
public final class Watch {

    private final String name;
    private final List<Long> pids;
    private double lastCpuS;
    private long lastNanos;

    /**
     * A look.
     *
     * @param rssMb their resident memory
     * @param cpuPercent the CPU they took since the last look; 100 is one core
     */
    public record Look(double rssMb, double cpuPercent) {}

    /** @param name what they are together */
    public Watch(String name, List<Long> pids) {
        this.name = name;
        this.pids = List.copyOf(pids);
        lastNanos = System.nanoTime();
        lastCpuS = cpuSeconds();
    }

    public Look look() {
        long nowNanos = System.nanoTime();
        double cpuS = cpuSeconds();
        double percent = 100e9 * (cpuS - lastCpuS) / Math.max(1, nowNanos - lastNanos);
        lastNanos = nowNanos;
        lastCpuS = cpuS;
        return new Look(pids.stream().mapToLong(Proc::rssKb).sum() / 1024.0, percent);
    }

    public double cpuSeconds() {
        return pids.stream().mapToDouble(Proc::cpuSeconds).sum();
    }

    public double pssMb() {
        return pids.stream().mapToLong(Proc::pssKb).sum() / 1024.0;
    }

    public String name() {
        return name;
    }

    public List<Long> pids() {
        return pids;
    }
}
