package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import megacomet.loadtest.chaos.world.Programs;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.machine.Proc;

/**
 * What a gateway takes while nobody is there.
 *
 * @param files open files
 * @param heapKb what is left of its heap after a collection
 * @param directKb direct buffers
 * @param rssKb resident memory, with all that the JVM keeps for later
 */
public record Footprint(int files, long heapKb, long directKb, long rssKb) {

    /** A full collection moves all that lives there; beside it is only what was allocated since. */
    private static final String OLD = "id=\"Tenured Gen\"";

    private static final int BYTES_A_KB = 1_024;

    /** Whether this Java has what it takes to have another one collect its garbage. */
    public static boolean canBeMeasured() {
        return Files.isExecutable(Programs.tool("jcmd"));
    }

    public static Footprint of(Server gateway) throws IOException, InterruptedException {
        Commands.run(List.of(Programs.tool("jcmd").toString(), "" + gateway.pid(), "GC.run"));
        Metrics metrics = Metrics.of(gateway);
        return new Footprint(
                Proc.openFiles(gateway.pid()),
                metrics.sum("jvm_memory_used_bytes", OLD) / BYTES_A_KB,
                metrics.sum("jvm_buffer_memory_used_bytes", "id=\"direct\"") / BYTES_A_KB,
                Proc.rssKb(gateway.pid()));
    }

    @Override
    public String toString() {
        return "%d files, %,d KB of heap, %,d KB direct".formatted(files, heapKb, directKb);
    }
}
