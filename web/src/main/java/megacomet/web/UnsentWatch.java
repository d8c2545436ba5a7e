package megacomet.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * Tells {@link Unsent} whenever something was flushed to a connection that the kernel did not take. One for all connections;
 * it is their outermost handler, so that nothing escapes it: not TLS, not the frames of a WebSocket or of HTTP/2.
 */
@ChannelHandler.Sharable
final class UnsentWatch extends ChannelDuplexHandler {

    /** What it is called on a connection. */
    static final String NAME = "unsent";

    private final Unsent unsent;

    UnsentWatch(Unsent unsent) {
        this.unsent = unsent;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        ctx.flush();
        unsent.wrote(ctx.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        unsent.memory().failed(failure);
        ctx.fireExceptionCaught(failure);
    }
}
