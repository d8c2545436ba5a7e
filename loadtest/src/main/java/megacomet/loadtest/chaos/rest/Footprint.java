package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.loadtest.chaos.world.Programs;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.machine.Proc;

/**
 * What a gateway takes while nobody is there.
 *
 * @param files open files
 * @param heapKb what is left of its heap after a collection
 * @param directKb direct buffers
 */
record Footprint(int files, long heapKb, long directKb) {

    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern DIRECT =
            Pattern.compile("(?m)^jvm_buffer_memory_used_bytes\\{[^}]*id=\"direct\"[^}]*} ([0-9.E]+)");

    static Footprint of(Server gateway) throws IOException, InterruptedException {
        jcmd(gateway, "GC.run");
        String heap = String.join("\n", jcmd(gateway, "GC.heap_info"));
        Matcher used = USED.matcher(heap.replaceAll("(?m)^ *(Metaspace|class space).*$", ""));
        long heapKb = 0;
        while (used.find()) {
            heapKb += Long.parseLong(used.group(1));
        }
        Matcher direct = DIRECT.matcher(metrics(gateway));
        long directKb = direct.find() ? (long) Double.parseDouble(direct.group(1)) / 1_024 : 0;
        return new Footprint(Proc.openFiles(gateway.pid()), heapKb, directKb);
    }

    private static List<String> jcmd(Server gateway, String command) throws IOException, InterruptedException {
        return Commands.run(List.of(Programs.tool("jcmd").toString(), "" + gateway.pid(), command));
    }

    private static String metrics(Server gateway) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.managementUrl() + "/metrics"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public String toString() {
        return "%d files, %,d KB of heap, %,d KB direct".formatted(files, heapKb, directKb);
    }
}
