package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.fixture.Http;
import megacomet.fixture.StandaloneProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peers that send requests and read no answer, on a process with a small heap, beside an honest client. */
class UnreadAnswersIT {

    private static final int DEADLINE_MS = 2_000;
    private static final int PIPELINED = 60;
    private static final int MAILBOX_BYTES = 1 << 20;

    /** Which the kernel takes of answers that nobody reads, before any are unsent. */
    private static final int KERNEL_BYTES = 8 << 20;

    private static StandaloneProcess process;
    private final List<Socket> silent = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        process = StandaloneProcess.startWith("-Xmx256m", "--unsent-timeout", DEADLINE_MS + "ms");
        for (String client : new String[] {"full-1", "full-2"}) {
            String data = "\"" + "x".repeat(60_000) + "\"";
            for (int i = 0; i < MAILBOX_BYTES / 60_000; i++) {
                assertEquals(200, process.publish(client, data).statusCode());
            }
        }
    }

    @AfterAll
    static void stop() throws IOException {
        process.close();
    }

    @AfterEach
    void closeSilent() throws IOException {
        for (Socket socket : silent) {
            socket.close();
        }
    }

    private static double metric(String name) {
        String all = Http.get("http://localhost:" + process.managementPort() + "/metrics")
                .body();
        Matcher line =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(all);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    private static double cut() {
        return metric("megacomet_connections_cut_total{reason=\"unread\"}")
                + metric("megacomet_connections_cut_total{reason=\"unsent_budget\"}");
    }

    /** Sends requests on a connection with a small receive buffer, in a thread, because the server may not read them all. */
    private void sendAndNeverRead(int port, String requests) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        silent.add(socket);
        Thread sender = new Thread(() -> {
            try {
                socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException cutOff) {
                // That is what is hoped for.
            }
        });
        sender.setDaemon(true);
        sender.start();
    }

    private static String requests(String target, int count) {
        StringBuilder all = new StringBuilder();
        for (int n = 0; n < count; n++) {
            String numbered = target.replace("{n}", "" + n);
            all.append("GET ").append(numbered).append(" HTTP/1.1\r\nhost: localhost\r\n\r\n");
        }
        return all.toString();
    }

    /** Its message must come, while others do not read. */
    private static void assertServesAnHonestClient(String data) {
        String honest = "honest-" + UUID.randomUUID(); // whose mailbox is empty
        CompletableFuture<java.net.http.HttpResponse<String>> poll =
                Http.getLater("http://localhost:" + process.port() + "/v1/poll?client=" + honest + "&timeoutMs=20000");
        assertEquals(200, process.publish(honest, data).statusCode());
        assertTrue(poll.join().body().contains(data), "the honest client's answer");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/poll?client=full-1&conn=a&n={n}&timeoutMs=0, 300",
        "/v1/poll?client=full-1&conn=a&n={n}&timeoutMs=0&callback=cb, 300",
        "/nothing, 40000",
    })
    void whoeverPipelinesAndReadsNothingIsServedNoFurtherAndIsCut(String target, int count) throws IOException {
        double before = cut();
        sendAndNeverRead(process.port(), requests(target, count));
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> {
            assertTrue(metric("megacomet_unsent_bytes") <= 2 * MAILBOX_BYTES, "what is unsent");
            return cut() > before;
        });
        assertServesAnHonestClient("1");
    }

    @Test
    void manyOfThemTogetherLeaveDirectMemoryAndAnHonestClientInPeace() throws IOException {
        double before = cut();
        for (int i = 0; i < 8; i++) {
            String client = i % 2 == 0 ? "full-1" : "full-2";
            sendAndNeverRead(
                    process.port(),
                    requests("/v1/poll?client=" + client + "&conn=c" + i + "&n={n}&timeoutMs=0", PIPELINED));
        }
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> {
            assertTrue(metric("megacomet_direct_memory_used_bytes") < (256 << 20) / 2, "direct memory");
            return cut() > before;
        });
        assertServesAnHonestClient("2");
        assertEquals(0, metric("megacomet_direct_memory_exhausted_total"));
    }

    @Test
    void onThePortsOfApplicationsAndOperatorsItIsTheSame() throws IOException {
        double before = cut();
        sendAndNeverRead(process.publishPort(), requests("/openapi.yaml", 2 * KERNEL_BYTES / 20_000));
        sendAndNeverRead(process.managementPort(), requests("/metrics", 2 * KERNEL_BYTES / 10_000));
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> cut() >= before + 2);
        assertServesAnHonestClient("3");
    }
}
