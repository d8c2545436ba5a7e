package megacomet.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;

/**
 * Where and how a server listens.
 *
 * @param tls or null for plain HTTP
 * @param hasProxyProtocol whether every connection begins with a PROXY protocol header (v1 or v2), from a load balancer that
 *     passes TCP on
 * @param maxConnections how many connections are served at a time; some more are taken to be told that there is no room
 */
public record Listen(String host, int port, Tls tls, boolean hasProxyProtocol, int maxConnections) {

    /** For servers of which nobody says how many connections they take. */
    private static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    /** A receive buffer for requests that are small; with a fixed size a connection also needs less heap. */
    public static final int FOR_MANY = 8 << 10;

    /** A receive buffer for large bodies. */
    public static final int FOR_BULK = 256 << 10;

    /** The longest request line, and the most bytes of headers. */
    public static final int MAX_LINE_BYTES = 8 << 10;

    public static final int MAX_HEADER_BYTES = 8 << 10;

    /**
     * How a server takes WebSockets.
     *
     * @param maxFrameBytes a frame that is longer is not read
     * @param subprotocol which one it agrees to
     * @param isDeflating whether messages are compressed (RFC 7692) for browsers that offer it
     */
    public record WebSockets(int maxFrameBytes, String subprotocol, boolean isDeflating) {}

    /** A server whose number of connections matters to nobody. */
    public Listen(String host, int port, Tls tls, boolean hasProxyProtocol) {
        this(host, port, tls, hasProxyProtocol, DEFAULT_MAX_CONNECTIONS);
    }

    /** Makes a server as below, which takes WebSockets. */
    public HttpServer server(Vertx vertx, int receiveBufferBytes, WebSockets webSockets) {
        HttpServerOptions options = options(receiveBufferBytes)
                .setMaxWebSocketFrameSize(webSockets.maxFrameBytes)
                .setMaxWebSocketMessageSize(webSockets.maxFrameBytes)
                .addWebSocketSubProtocol(webSockets.subprotocol)
                .setPerMessageWebSocketCompressionSupported(webSockets.isDeflating);
        return server(vertx, options);
    }

    /**
     * Makes a server for the event loop that calls; several with the same port share its connections. Strict thread mode is
     * for memory: see docs/benchmarks.md.
     *
     * @param receiveBufferBytes how much of what a connection sends is taken in before it is read, at {@link #FOR_MANY}
     *     connections that mostly wait or at {@link #FOR_BULK}
     */
    public HttpServer server(Vertx vertx, int receiveBufferBytes) {
        return server(vertx, options(receiveBufferBytes));
    }

    private HttpServerOptions options(int receiveBufferBytes) {
        return new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setStrictThreadMode(true)
                .setHttp2ClearTextEnabled(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setReceiveBufferSize(receiveBufferBytes)
                .setReuseAddress(true)
                .setAcceptBacklog(4_096)
                .setUseProxyProtocol(hasProxyProtocol)
                .setProxyProtocolTimeout(Door.HANDSHAKE_MS)
                .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private HttpServer server(Vertx vertx, HttpServerOptions options) {
        if (tls != null) {
            tls.on(options);
        }
        return vertx.createHttpServer(options)
                .invalidRequestHandler(ProblemAnswers::unreadable)
                .connectionHandler(HttpCodec::harden);
    }

    /** Lets the server serve {@code router}, each connection as fast as its peer reads. */
    public Future<HttpServer> start(Vertx vertx, HttpServer server, Router router, Unsent unsent) {
        return server.requestHandler(new Backpressure(unsent, new Framing(router)))
                .listen()
                .onSuccess(listening -> {
                    if (tls != null) {
                        tls.keepFresh(vertx, listening);
                    }
                });
    }

    /** {@code host:port}. */
    public String name() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** {@code http://host:port} or with https. */
    public String url() {
        return (tls == null ? "http://" : "https://") + name();
    }
}
