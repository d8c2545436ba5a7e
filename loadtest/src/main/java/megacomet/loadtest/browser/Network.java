package megacomet.loadtest.browser;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.TimeUnit;

/** The one event loop of a process, and how connections are made on it: with as little memory for each as can be. */
public final class Network implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MS = 30_000;

    /** Of the buffer that bytes are received in; it is shared by all connections. */
    private static final int RECEIVE_BYTES = 16 << 10;

    /** Chunks of 256 KiB: what one event loop needs. */
    private static final PooledByteBufAllocator BUFFERS = new PooledByteBufAllocator(true, 0, 1, 8192, 5, 0, 0, false);

    private final EventLoopGroup group;
    private final Bootstrap bootstrap;

    public Network() {
        boolean isEpoll = Epoll.isAvailable();
        group = new MultiThreadIoEventLoopGroup(1, isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        bootstrap = new Bootstrap()
                .group(group)
                .channel(isEpoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .disableResolver()
                .option(ChannelOption.ALLOCATOR, BUFFERS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .option(ChannelOption.TCP_NODELAY, true);
        if (isEpoll) {
            // The kernel then chooses the source port for the pair of addresses, not for the source alone.
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
    }

    public EventLoop loop() {
        return group.next();
    }

    /** Makes connections on this event loop; called on it. */
    public Bootstrap bootstrap() {
        return bootstrap.clone();
    }

    /** Closes as a killed browser's machine does: the kernel keeps nothing of the connection, so that its port is free. */
    public static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
