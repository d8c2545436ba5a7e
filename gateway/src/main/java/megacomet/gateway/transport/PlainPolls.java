package megacomet.gateway.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.Hold;
import megacomet.web.Connections;
import megacomet.web.HeadReader;
import megacomet.web.HttpCodec;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;
import megacomet.web.RefusalLog;
import megacomet.web.Unsent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all {@linkplain PollConnection connections} of an event loop share on which nothing but polls came yet: how a poll is
 * taken, and how its answer is written as HTTP/1.1.
 */
public final class PlainPolls {

    private static final Logger LOG = LoggerFactory.getLogger(PlainPolls.class);
    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
            + "cache-control: no-store\r\nx-content-type-options: nosniff\r\n");
    private static final byte[] ALLOW_ORIGIN = ascii("access-control-allow-origin: ");
    private static final byte[] VARY = ascii("\r\nvary: origin\r\n");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] LENGTH = ascii("content-length: ");
    private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");
    private static final int HEAD_BYTES = 256;

    /** So much is kept to encode the next answer in. */
    private static final int MAX_SCRATCH_BYTES = 64 << 10;

    private final PollTransport transport;
    private final Connections connections;
    private final AnswerJson answers;
    private final HttpCodec codec;
    private final RefusalLog refusals;
    private final Unsent unsent;
    private final ContextInternal loop;
    private final HeadReader head = new HeadReader(PollTransport.PATH);
    private JsonBytes scratch = new JsonBytes(HEAD_BYTES, false);

    PlainPolls(
            Vertx vertx,
            PollTransport transport,
            Connections connections,
            AnswerJson answers,
            HttpCodec codec,
            RefusalLog refusals,
            Unsent unsent) {
        this.refusals = refusals;
        this.unsent = unsent;
        this.transport = transport;
        this.connections = connections;
        this.answers = answers;
        this.codec = codec;
        this.loop = (ContextInternal) vertx.getOrCreateContext();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    // ---- connections

    /** A connection has come of which nothing was read yet. */
    public void on(HttpConnection connection) {
        ChannelPipeline pipeline = Connections.pipeline(connection);
        if (codec.isOn(pipeline)) {
            pipeline.addBefore(HttpCodec.FIRST, PollConnection.NAME, new PollConnection(this, connection));
            codec.takeOff(pipeline);
        }
    }

    /** A request came to Vert.x, perhaps on one of the connections, which must know when it is answered. */
    public void seen(HttpServerRequest request) {
        boolean isOfHttp1 = request.version() != HttpVersion.HTTP_2;
        if (isOfHttp1
                && Connections.pipeline(request.connection()).get(PollConnection.NAME)
                        instanceof PollConnection passing) {
            request.response().endHandler(ended -> passing.answered());
        }
    }

    /** Lets a connection read on, as Vert.x would call a handler. */
    void dispatch(PollConnection connection) {
        loop.dispatch(connection, this::read);
    }

    private void read(PollConnection connection) {
        try {
            connection.read();
        } catch (RuntimeException fault) {
            LOG.atError().setCause(fault).log("a poll failed");
            connection.connection.close();
        }
    }

    void putCodecOn(ChannelPipeline pipeline) {
        codec.putOn(pipeline, PollConnection.NAME);
    }

    /** Something was written to a connection. */
    void wrote(Channel channel) {
        unsent.wrote(channel);
    }

    /** Something failed on a connection. */
    void failed(Throwable failure) {
        unsent.memory().failed(failure);
    }

    // ---- polls

    HeadReader head() {
        return head;
    }

    /** Seats the poll whose head was read last, or returns false if it is to be answered as any other request. */
    boolean take(PollConnection connection) {
        return transport.take(head, connection);
    }

    void left(Hold hold) {
        loop.dispatch(hold, transport::left);
    }

    void answered(HttpConnection connection) {
        connections.answered(connection);
    }

    /**
     * Makes the answer's response, or a refusal if that would be too much to keep.
     *
     * @param origin whose pages may read it, or null if that need not be said
     */
    ByteBuf response(ByteBufAllocator allocator, Answer answer, String origin) {
        scratch.clear();
        answers.encode(answer, scratch);
        if (unsent.refuses(scratch.length())) { // Nothing is lost: the next poll confirms nothing of it, and gets it.
            giveUpLargeScratch();
            return refusal(allocator, Unsent.refusal(), origin);
        }
        ByteBuf out = allocator.ioBuffer(HEAD_BYTES + scratch.length());
        out.writeBytes(OK);
        if (answer.ended() == EndReason.DRAINING) {
            out.writeBytes(CLOSE);
        }
        writeRest(out, origin);
        giveUpLargeScratch();
        return out;
    }

    private void giveUpLargeScratch() {
        if (scratch.length() > MAX_SCRATCH_BYTES) {
            scratch = new JsonBytes(HEAD_BYTES, false);
        }
    }

    /** A poll that was held is refused. */
    void refused(Problem problem, HttpConnection connection) {
        refusals.refused(problem.code().word(), connection.remoteAddress(), PollTransport.PATH);
    }

    ByteBuf refusal(ByteBufAllocator allocator, Problem problem, String origin) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(problem.code().status());
        StringBuilder top = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        ProblemAnswers.headers(
                problem,
                (name, value) -> top.append(name).append(": ").append(value).append("\r\n"));
        scratch.clear();
        scratch.raw(problem.json().toString().getBytes(StandardCharsets.UTF_8));
        ByteBuf out = allocator.ioBuffer(HEAD_BYTES + scratch.length());
        out.writeCharSequence(top, StandardCharsets.US_ASCII);
        writeRest(out, origin);
        return out;
    }

    private void writeRest(ByteBuf out, String origin) {
        if (origin != null) {
            out.writeBytes(ALLOW_ORIGIN);
            out.writeCharSequence(origin, StandardCharsets.US_ASCII);
            out.writeBytes(VARY);
        }
        out.writeBytes(LENGTH);
        out.writeCharSequence(Integer.toString(scratch.length()), StandardCharsets.US_ASCII);
        out.writeBytes(END_OF_HEAD);
        scratch.writeTo(out);
    }
}
