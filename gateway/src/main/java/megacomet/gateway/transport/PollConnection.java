package megacomet.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.vertx.core.http.HttpConnection;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.hold.Outlet;
import megacomet.web.HeadReader;
import megacomet.web.Problem;

/**
 * A browser's connection of HTTP/1.1 as long as nothing but plain polls come on it. They are most of what a gateway is asked and
 * all that a million browsers leave with it, so they are read and answered here, with one small object a connection. Whatever is
 * not a plain poll that can be taken goes on to Vert.x, byte for byte, and is answered there as if this were not here.
 *
 * <pre>
 *  READING ──a poll──▶ HELD ──its answer──▶ READING
 *     └───another plain head──▶ PASSING ──its answer──▶ READING
 *     └───anything else──▶ this is taken off the connection
 * </pre>
 *
 * What comes while a poll is held waits until it is answered (RFC 9112, section 9.3.2). So does what comes while the browser
 * has not taken the answers before: one that sends polls and reads nothing gets one answer at a time.
 *
 * <p>One thread, the event loop's.
 */
final class PollConnection extends ChannelInboundHandlerAdapter implements Outlet {

    /** What it is called on its connection. */
    static final String NAME = "polls";

    private enum State {
        READING,
        HELD,
        PASSING
    }

    private final PlainPolls polls;
    final HttpConnection connection;
    private ChannelHandlerContext context;
    private State state = State.READING;

    /** What was read and is not a head yet, or waits for the answer to the poll before; else null. */
    private ByteBuf unread;

    /** The poll that is held, or null. */
    private Hold hold;

    /** Of the poll that is held: of whose pages it is, if that must be said in the answer; else null. */
    private String origin;

    PollConnection(PlainPolls polls, HttpConnection connection) {
        this.polls = polls;
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    // ---- what comes

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (state == State.PASSING) {
            giveUp(in); // Pipelined: only Vert.x can tell where one ends.
            return;
        }
        unread = unread == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, in);
        boolean isTurn = state == State.READING && ctx.channel().isWritable();
        if (isTurn) {
            polls.dispatch(this);
        } else if (state == State.READING || unread.readableBytes() > HeadReader.MAX_BYTES) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    /** The browser has taken enough of the answers for the next. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        readOn();
        ctx.fireChannelWritabilityChanged();
    }

    /** Reads on, if something is there and it is its turn; not at once, since this may be called by what was read before. */
    private void readOn() {
        if (unread != null && state == State.READING && context.channel().isWritable()) {
            context.channel().config().setAutoRead(true);
            context.executor().execute(() -> polls.dispatch(this));
        }
    }

    /** Reads on, on the context of Vert.x. */
    void read() {
        if (unread == null || state != State.READING || !context.channel().isWritable()) {
            return;
        }
        ByteBuf in = unread;
        switch (polls.head().read(in)) {
            case BEGUN -> {}
            case WANTED -> {
                unread = null;
                if (isTaken(in)) {
                    in.release();
                } else {
                    pass(in);
                }
            }
            case PLAIN -> {
                unread = null;
                pass(in);
            }
            default -> {
                unread = null;
                giveUp(in);
            }
        }
    }

    private boolean isTaken(ByteBuf in) {
        try {
            return polls.take(this);
        } catch (RuntimeException fault) {
            in.release();
            throw fault;
        }
    }

    /** Lets Vert.x answer a plain head. */
    private void pass(ByteBuf in) {
        state = State.PASSING;
        passOn(in);
    }

    /** Lets Vert.x have the connection. */
    private void giveUp(ByteBuf in) {
        passOn(in);
        if (!context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    private void passOn(ByteBuf in) {
        polls.putCodecOn(context.pipeline());
        context.fireChannelRead(in);
        context.fireChannelReadComplete(); // It may not be told otherwise: what waited is not read now.
    }

    /** What was passed on is answered. */
    void answered() {
        if (state == State.PASSING) {
            state = State.READING;
        }
    }

    /** Vert.x was told with what was passed on. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {}

    /** The browser is gone. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (hold != null) {
            polls.left(hold);
            hold = null;
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        polls.failed(failure);
        ctx.fireExceptionCaught(failure);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    // ---- the poll that is held

    /**
     * A poll is about to be seated.
     *
     * @param listed the origin of its page, if the page is told that it may read the answer; else null
     */
    void isHeld(Hold seated, String listed) {
        state = State.HELD;
        hold = seated;
        origin = listed;
    }

    @Override
    public void answer(Answer answer) {
        write(polls.response(context.alloc(), answer, origin), answer.ended() == EndReason.DRAINING);
    }

    @Override
    public void refuse(EndReason why, long retryAfterMs) {
        Problem problem = Refusals.problem(why, retryAfterMs);
        polls.refused(problem, connection);
        write(polls.refusal(context.alloc(), problem, origin), false);
    }

    private void write(ByteBuf response, boolean isLast) {
        state = State.READING;
        hold = null;
        origin = null;
        polls.answered(connection);
        if (isLast) {
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        } else {
            context.writeAndFlush(response, context.voidPromise());
            readOn();
        }
        polls.wrote(context.channel());
    }

    @Override
    public boolean isStream() {
        return false;
    }
}
