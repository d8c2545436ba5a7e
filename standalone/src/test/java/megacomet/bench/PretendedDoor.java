package megacomet.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFactory;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.net.NetServerOptions;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** A listening port to which nothing but {@link PretendedSocket}s come, so that no file is opened for them. */
final class PretendedDoor extends AbstractServerChannel {

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private SocketAddress bound;
    private volatile boolean isOpen = true;

    /** Lets a connection come in. */
    void accept(PretendedSocket socket) {
        eventLoop().execute(() -> {
            pipeline().fireChannelRead(socket);
            pipeline().fireChannelReadComplete();
        });
    }

    @Override
    protected void doBind(SocketAddress address) {
        bound = address;
    }

    @Override
    protected void doBeginRead() {
        // They come when they are let in.
    }

    @Override
    protected void doClose() {
        isOpen = false;
    }

    @Override
    protected SocketAddress localAddress0() {
        return bound;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public boolean isActive() {
        return isOpen && bound != null;
    }

    /** Servers listen at such a door; clients, like that of Redis, have sockets. */
    static final class Transport implements io.vertx.core.transport.Transport, io.vertx.core.spi.transport.Transport {

        private final CompletableFuture<PretendedDoor> door = new CompletableFuture<>();

        /** The door of the first server that listens. */
        PretendedDoor door() {
            return door.join();
        }

        @Override
        public String name() {
            return "pretended";
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public Throwable unavailabilityCause() {
            return null;
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            return this;
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return NioIoHandler.newFactory();
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean isDomainSocket) {
            return () -> {
                PretendedDoor made = new PretendedDoor();
                door.complete(made);
                return made;
            };
        }

        @Override
        public void configure(NetServerOptions options, boolean isDomainSocket, ServerBootstrap bootstrap) {
            // These are options of sockets.
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean isDomainSocket) {
            return NioSocketChannel::new;
        }

        @Override
        public DatagramChannel datagramChannel() {
            return new NioDatagramChannel();
        }

        @Override
        @SuppressWarnings("deprecation") // Vert.x asks for it.
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return datagramChannel();
        }
    }
}
