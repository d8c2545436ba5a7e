package megacomet.web;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport of Vert.x with a {@link Door} at every port: the listening socket's pipeline begins with it, so it sees what is
 * accepted before Vert.x does. All else is the transport's that it stands before.
 */
final class AdmittingTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(AdmittingTransport.class);

    private final Transport transport;
    private final Doors doors;

    private AdmittingTransport(Transport transport, Doors doors) {
        this.transport = transport;
        this.doors = doors;
    }

    /** @param isNative whether the operating system's is preferred to the JDK's, if it is there */
    static io.vertx.core.transport.Transport of(boolean isNative, Doors doors) {
        io.vertx.core.transport.Transport fromSystem =
                isNative ? io.vertx.core.transport.Transport.nativeTransport() : null;
        io.vertx.core.transport.Transport chosen =
                fromSystem != null && fromSystem.available() ? fromSystem : io.vertx.core.transport.Transport.NIO;
        Transport admitting = new AdmittingTransport(chosen.implementation(), doors);
        return new io.vertx.core.transport.Transport() {
            @Override
            public String name() {
                return chosen.name();
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
            public Transport implementation() {
                return admitting;
            }
        };
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        transport.configure(options, domainSocket, bootstrap);
        bootstrap.handler(new AtAccept(doors.at(options.getHost(), options.getPort())));
    }

    /** The first handler of a listening socket; what it reads are the connections that are accepted. */
    private static final class AtAccept extends ChannelInboundHandlerAdapter {

        private final Door door;

        AtAccept(Door door) {
            this.door = door;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (door.admit((Channel) accepted)) {
                context.fireChannelRead(accepted);
            }
        }

        /** No file is left, say. Netty's own acceptor, which is told next, then accepts nothing for a second. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            LOG.atWarn().addKeyValue("why", failure.toString()).log("a connection could not be accepted");
            door.cut("accept_failed");
            context.fireExceptionCaught(failure);
        }
    }

    // ---- as it was

    @Override
    public boolean supportsDomainSockets() {
        return transport.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return transport.supportFileRegion();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return transport.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int nThreads, ThreadFactory threadFactory, int ioRatio) {
        return transport.eventLoopGroup(type, nThreads, threadFactory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return transport.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // Vert.x asks so.
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return transport.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return transport.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return transport.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        transport.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        transport.configure(options, connectTimeout, domainSocket, bootstrap);
    }
}
