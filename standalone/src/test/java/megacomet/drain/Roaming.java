package megacomet.drain;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** From where clients go to where, with what, and what was published when each of them was sent away. */
final class Roaming {

    private static final int MAX_CONNECTIONS = 2_000;

    final Vertx vertx;
    final String fromUrl;
    final String toUrl;
    final HttpClient http;
    final WebSocketClient sockets;
    /** The last number that was published. */
    final AtomicInteger published = new AtomicInteger();

    private final List<Integer> publishedWhenSentAway = new ArrayList<>();
    private volatile boolean wasAnyReleased;

    Roaming(Vertx vertx, String fromUrl, String toUrl) {
        this.vertx = vertx;
        this.fromUrl = fromUrl;
        this.toUrl = toUrl;
        this.http = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
        this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(MAX_CONNECTIONS));
    }

    synchronized void sentAway() {
        wasAnyReleased = true;
        publishedWhenSentAway.add(published.get());
    }

    /** Whether anybody was sent away. */
    boolean wasAnyReleased() {
        return wasAnyReleased;
    }

    /** What had been published when the clients were sent away, one after another. */
    synchronized List<Integer> publishedWhenSentAway() {
        return List.copyOf(publishedWhenSentAway);
    }
}
