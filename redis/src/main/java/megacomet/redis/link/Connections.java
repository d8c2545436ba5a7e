package megacomet.redis.link;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Opens connections to single Redis servers, and bounds how long that takes.
 *
 * <p>A connection belongs to the event loop on which it was opened. Each comes from a client of its own, because closing
 * a connection of the Vert.x client gives it back to the client's pool, and we want it closed.
 */
public final class Connections {

    /** What one connection may have unanswered; {@link Link} keeps itself below. */
    static final int MAX_UNANSWERED = 2_048;

    private final Vertx vertx;
    private final RedisUrl url;
    private final Path trustedCertificates;
    private final long timeoutMs;

    /**
     * @param trustedCertificates PEM file of the authorities to trust for TLS, or null for those of the JVM
     * @param timeoutMs how long connecting may take, handshake and authentication included
     */
    public Connections(Vertx vertx, RedisUrl url, Path trustedCertificates, long timeoutMs) {
        this.vertx = vertx;
        this.url = url;
        this.trustedCertificates = trustedCertificates;
        this.timeoutMs = timeoutMs;
    }

    /** An open connection and the way to really close it. */
    record Opened(Client client, RedisConnection connection) {
        void close() {
            client.close();
        }
    }

    /**
     * A client for one connection, and what closes it when Vert.x closes. Vert.x 5.0 keeps each client of the network in the
     * close hooks of the context that made it, also a closed one: while Redis is away that grew with every attempt. So it is
     * made in a context with hooks of its own, and those do go when they have run.
     */
    private record Client(Redis redis, CloseFuture hooks) {
        static Client of(Vertx vertx, RedisOptions options) {
            ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
            CloseFuture hooks = new CloseFuture();
            caller.closeFuture().add(hooks);
            ContextInternal own = ((VertxInternal) vertx)
                    .contextBuilder()
                    .withEventLoop(caller.nettyEventLoop())
                    .withCloseFuture(hooks)
                    .build();
            ContextInternal before = own.beginDispatch();
            try {
                return new Client(Redis.createClient(new Gathering(vertx), options), hooks);
            } finally {
                own.endDispatch(before);
            }
        }

        void close() {
            redis.close();
            hooks.close();
        }
    }

    Vertx vertx() {
        return vertx;
    }

    RedisUrl url() {
        return url;
    }

    long timeoutMs() {
        return timeoutMs;
    }

    /** Opens a connection on the event loop that calls. Fails within the timeout, with nothing left open. */
    Future<Opened> open(Address address, boolean isSentinel) {
        Client client = Client.of(vertx, options(address, isSentinel));
        Promise<Opened> promise = Promise.promise();
        long timer = vertx.setTimer(timeoutMs, id -> {
            if (promise.tryFail(
                    new RedisUnavailable(address + " did not answer within " + timeoutMs + " ms", false, null))) {
                client.close();
            }
        });
        client.redis.connect().onComplete(opened -> {
            vertx.cancelTimer(timer);
            if (opened.failed()) {
                promise.tryFail(opened.cause());
                client.close();
            } else if (!promise.tryComplete(new Opened(client, opened.result()))) {
                client.close();
            }
        });
        return promise.future();
    }

    private RedisOptions options(Address address, boolean isSentinel) {
        NetClientOptions net = new NetClientOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setConnectTimeout((int) Math.min(Integer.MAX_VALUE, timeoutMs))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(0);
        if (url.tls()) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            if (trustedCertificates != null) {
                net.setTrustOptions(new PemTrustOptions().addCertPath(trustedCertificates.toString()));
            }
        }
        RedisOptions options = new RedisOptions()
                .setNetClientOptions(net)
                .setConnectionString((url.tls() ? "rediss://" : "redis://")
                        + address
                        + (isSentinel || url.database() == 0 ? "" : "/" + url.database()))
                .setMaxWaitingHandlers(MAX_UNANSWERED)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1);
        if (url.password() != null && !isSentinel) {
            options.setUser(url.user()).setPassword(url.password());
        }
        return options;
    }
}
