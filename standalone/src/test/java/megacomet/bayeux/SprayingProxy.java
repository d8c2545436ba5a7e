package megacomet.bayeux;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
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

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    SprayingProxy(List<Integer> ports, long seed) {
        Random random = new Random(seed);
        List<SocketAddress> nodes = ports.stream()
                .map(port -> SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                .toList();
        HttpClientOptions toNodes = new HttpClientOptions().setConnectTimeout(1_000);
        HttpProxy proxy = HttpProxy.reverseProxy(
                        vertx.createHttpClient(toNodes, new io.vertx.core.http.PoolOptions().setHttp1MaxSize(1_000)))
                .origin(OriginRequestProvider.selector(
                        context -> Future.succeededFuture(nodes.get(random.nextInt(nodes.size())))));
        server = Site.await(vertx.createHttpServer().requestHandler(proxy).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        Site.await(vertx.close());
    }
}
