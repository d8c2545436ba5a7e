package megacomet.redis.link;

import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.internal.net.NetClientInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.Metrics;
import java.util.concurrent.TimeUnit;

/**
 * A Vert.x on whose client connections what is written in one turn of the event loop goes out together, when the turn ends:
 * one system call for many commands, here to write them and at Redis to read them. The client of Redis flushes each by itself.
 */
final class Gathering extends VertxWrapper {

    /** So many go out before the turn ends, so that Redis can begin. */
    private static final int MOST_TOGETHER = 64;

    Gathering(Vertx vertx) {
        super((VertxInternal) vertx);
    }

    @Override
    public NetClient createNetClient(NetClientOptions options) {
        return new Client((NetClientInternal) super.createNetClient(options));
    }

    private record Client(NetClientInternal plain) implements NetClientInternal {

        private static NetSocket gathering(NetSocket socket) {
            ((NetSocketInternal) socket)
                    .channelHandlerContext()
                    .pipeline()
                    .addFirst(new FlushConsolidationHandler(MOST_TOGETHER, true));
            return socket;
        }

        @Override
        public void connectInternal(ConnectOptions options, Promise<NetSocket> connected, ContextInternal context) {
            Promise<NetSocket> plainly = context.promise();
            plain.connectInternal(options, plainly, context);
            plainly.future().map(Client::gathering).onComplete(connected);
        }

        @Override
        public Future<NetSocket> connect(ConnectOptions options) {
            return plain.connect(options).map(Client::gathering);
        }

        @Override
        public Future<NetSocket> connect(int port, String host) {
            return plain.connect(port, host).map(Client::gathering);
        }

        @Override
        public Future<NetSocket> connect(int port, String host, String serverName) {
            return plain.connect(port, host, serverName).map(Client::gathering);
        }

        @Override
        public Future<NetSocket> connect(SocketAddress address) {
            return plain.connect(address).map(Client::gathering);
        }

        @Override
        public Future<NetSocket> connect(SocketAddress address, String serverName) {
            return plain.connect(address, serverName).map(Client::gathering);
        }

        @Override
        public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean isForced) {
            return plain.updateSSLOptions(options, isForced);
        }

        @Override
        public Future<Void> shutdown(long timeout, TimeUnit unit) {
            return plain.shutdown(timeout, unit);
        }

        @Override
        public void close(Completable<Void> closed) {
            plain.close(closed);
        }

        @Override
        public Future<Void> closeFuture() {
            return plain.closeFuture();
        }

        @Override
        public Metrics getMetrics() {
            return plain.getMetrics();
        }
    }
}
