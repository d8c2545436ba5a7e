package megacomet.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** A browser's connection to a gateway in the same process, without a file: the gateway's end of it, and the browser. */
final class PretendedSocket extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    /** Which browser it is. */
    final int number;

    private final BiConsumer<PretendedSocket, String> answered;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final SocketAddress local;
    private final SocketAddress remote;
    private volatile boolean isOpen = true;

    /** @param answered gets what the gateway writes, a piece each, on the connection's event loop */
    PretendedSocket(Channel door, int number, BiConsumer<PretendedSocket, String> answered) {
        super(door);
        this.number = number;
        this.answered = answered;
        this.local = new InetSocketAddress("127.0.0.1", 80);
        this.remote = new InetSocketAddress("127.0.0.1", 1_024 + number % 60_000);
    }

    /** The browser sends something. */
    void send(String text) {
        eventLoop().execute(() -> {
            pipeline()
                    .fireChannelRead(
                            ByteBufUtil.encodeString(alloc(), CharBuffer.wrap(text), StandardCharsets.US_ASCII));
            pipeline().fireChannelReadComplete();
        });
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        for (Object message = out.current(); message != null; message = out.current()) {
            String text = message instanceof ByteBuf bytes ? bytes.toString(StandardCharsets.UTF_8) : "";
            out.remove();
            if (!text.isEmpty()) {
                answered.accept(this, text);
            }
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException());
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        isOpen = false;
    }

    @Override
    protected void doBeginRead() {
        // What it sends comes when it is sent.
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
        return isOpen;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
