package megacomet.loadtest.publish;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.browser.Network;
import megacomet.loadtest.dialect.PublishDialect;
import megacomet.loadtest.measure.Clock;
import megacomet.loadtest.message.Publication;
import megacomet.loadtest.wire.MalformedResponse;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Target;

/**
 * One connection of an application to the publisher side: a message at a time, the next when the one before is answered, so
 * that messages for one browser keep their order. Meanwhile messages wait here, and their latency counts on.
 */
@Sharable
final class PublishConnection extends ChannelInboundHandlerAdapter {

    /** So many messages may wait for the answer to those before; more are not sent, and counted. */
    private static final int MAX_WAITING = 20_000;

    private static final int REQUEST_BYTES = 1 << 10;
    private static final long PAUSE_MS = 500;

    private final Network network;
    private final Target target;
    private final PublishDialect dialect;
    private final Fates fates;
    private final Deque<Letter> waiting = new ArrayDeque<>();
    private final ResponseReader reader = new ResponseReader();
    private Channel channel;
    private Letter inFlight;

    /** A message and its recipient's id; null if it is a topic's. */
    record Letter(Publication message, String client) {}

    /** Is told what became of each message, once. */
    interface Fates {

        /** It is written, so long after it was due. */
        void sent(long lateUs);

        void accepted(Publication message);

        void refused(Publication message, String reason);

        void unsent(Publication message);
    }

    PublishConnection(Network network, Target target, PublishDialect dialect, Fates fates) {
        this.network = network;
        this.target = target;
        this.dialect = dialect;
        this.fates = fates;
    }

    /** Connects, now or after a pause. */
    void open() {
        ChannelFuture connect = network.bootstrap().handler(this).connect(target.address());
        connect.addListener(done -> {
            if (!done.isSuccess()) {
                network.loop().schedule(this::open, PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        });
    }

    void publish(Letter letter) {
        if (waiting.size() == MAX_WAITING) {
            fates.unsent(letter.message());
            return;
        }
        waiting.add(letter);
        sendNext();
    }

    /** How many wait, or wait for their answer. */
    int outstanding() {
        return waiting.size() + (inFlight == null ? 0 : 1);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        sendNext();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                if (inFlight == null) {
                    throw new MalformedResponse("an answer to no request");
                }
                if (reader.read(in)) {
                    answered(dialect.refusal(reader), reader.endsConnection());
                }
            }
        } catch (MalformedResponse e) {
            lost("publish: malformed: " + e.getMessage());
            context.close();
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost("publish: connection lost before the answer");
        channel = null;
        network.loop().schedule(this::open, PAUSE_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void answered(String refusal, boolean isLast) {
        Publication answered = inFlight.message();
        inFlight = null;
        reader.reset();
        if (refusal == null) {
            fates.accepted(answered);
        } else {
            fates.refused(answered, "publish: " + refusal);
        }
        if (isLast) {
            channel.close();
            channel = null;
        }
        sendNext();
    }

    private void lost(String reason) {
        if (inFlight != null) {
            Publication message = inFlight.message();
            inFlight = null;
            fates.refused(message, reason);
        }
        reader.reset();
    }

    private void sendNext() {
        if (inFlight != null || channel == null || waiting.isEmpty()) {
            return;
        }
        inFlight = waiting.poll();
        ByteBuf out = channel.alloc().directBuffer(REQUEST_BYTES);
        dialect.request(inFlight.message(), inFlight.client(), out);
        channel.writeAndFlush(out, channel.voidPromise());
        fates.sent(Clock.nowUs() - inFlight.message().dueUs());
    }
}
