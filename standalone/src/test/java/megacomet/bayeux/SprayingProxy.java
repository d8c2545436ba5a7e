package megacomet.bayeux;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import java.util.List;
import java.util.Random;
import megacomet.fixture.Site;

/**
 * A load balancer of the worst kind: every request, and every WebSocket, goes to a node that chance chooses, also to one
 * that has just been killed.
 */
final class SprayingProxy implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MS = 1_000;

    /** More than there are polls at a time: a poll must not wait for another's connection. */
    private static final int MAX_CONNECTIONS = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private volatile List<SocketAddress> nodes = List.of();

    SprayingProxy(long seed) {
        Random random = new Random(seed);
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
        HttpProxy proxy = HttpProxy.reverseProxy(client)
                .origin(OriginRequestProvider.selector(
                        context -> Future.succeededFuture(nodes.get(random.nextInt(nodes.size())))));
        // As long as the addresses of callback-polling are.
        HttpServerOptions options = new HttpServerOptions().setMaxInitialLineLength(8 << 10);
        server =
                Site.await(vertx.createHttpServer(options).requestHandler(proxy).listen(0, "127.0.0.1"));
    }

    /** Says between which ports of this machine chance chooses. */
    void sprayOver(List<Integer> ports) {
        nodes = ports.stream()
                .map(port -> SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                .toList();
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        Site.await(vertx.close());
    }
}
