package megacomet.bayeux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import megacomet.embedded.RedisServer;
import megacomet.fixture.StandaloneProcess;

/**
 * Gateways as real processes on one Redis, behind a proxy that sprays requests over them, and beside them one process
 * that no browser reaches, through which applications publish.
 */
final class Gateways implements BayeuxServer {

    private final RedisServer redis;
    private final List<StandaloneProcess> nodes = new ArrayList<>();
    private final StandaloneProcess publisher;
    private final SprayingProxy proxy;

    /** Starts them and waits until they are ready. */
    Gateways(int count, long seed, String... options) throws IOException {
        redis = RedisServer.start();
        proxy = new SprayingProxy(seed);
        List<String> all = new ArrayList<>(List.of("--redis-url", redis.url()));
        // The nodes do not know the proxy's name; pages that are loaded by another are from elsewhere also for the
        // browser.
        all.addAll(List.of("--origins", "http://127.0.0.1:%d,http://localhost:%1$d".formatted(proxy.port())));
        // The scenario's clients publish more in a row than a page may.
        all.addAll(List.of("--browser-publish-rate", "10000", "--browser-publish-bytes", "64MiB"));
        all.addAll(List.of(options));
        for (int i = 0; i < count; i++) {
            nodes.add(StandaloneProcess.start(all.toArray(String[]::new)));
        }
        publisher = StandaloneProcess.start("--redis-url", redis.url());
        proxy.sprayOver(nodes.stream().map(StandaloneProcess::port).toList());
    }

    @Override
    public int port() {
        return proxy.port();
    }

    /** Publishes as an application does; the id makes it safe to do again. */
    boolean publish(String topic, int number) {
        return publisher.publishToTopic(topic, String.valueOf(number)).statusCode() == 200;
    }

    /** One after another, as a deployment does it. */
    @Override
    public void restart() throws IOException {
        for (StandaloneProcess node : nodes) {
            node.stop();
            node.startAgain();
        }
    }

    /** Kills one with {@code SIGKILL} and starts it again. */
    void kill(int node) throws IOException {
        nodes.get(node).kill();
        nodes.get(node).startAgain();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        for (StandaloneProcess node : nodes) {
            node.close();
        }
        publisher.close();
        redis.close();
    }
}
