package megacomet.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;

/**
 * Reads requests as Vert.x does, but for what could mean two things: a request that says its length twice is refused, and bodies in
 * chunks are read by {@link ChunkReader}.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {

    /** Of the body in chunks that is being read, or null. */
    private ChunkReader chunks;

    /** Nothing after this can be told apart. */
    private boolean isBroken;

    RequestDecoder(HttpServerOptions options) {
        super(options);
    }

    /** RFC 9112, section 6.1: it may be an attempt to have one server read what another did not see. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("Content-Length with Transfer-Encoding");
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (isBroken) {
            in.skipBytes(in.readableBytes());
        } else if (chunks != null) {
            readChunk(in, out);
        } else {
            super.decode(context, in, out);
            Object last = out.isEmpty() ? null : out.get(out.size() - 1);
            if (last instanceof HttpRequest request
                    && request.decoderResult().isSuccess()
                    && HttpUtil.isTransferEncodingChunked(request)) {
                chunks = new ChunkReader();
            }
        }
    }

    private void readChunk(ByteBuf in, List<Object> out) {
        try {
            if (chunks.read(in, out)) {
                chunks = null;
                reset(); // to what is a request's beginning
            }
        } catch (InvalidChunk invalid) {
            isBroken = true;
            in.skipBytes(in.readableBytes());
            DefaultLastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            end.setDecoderResult(DecoderResult.failure(invalid));
            out.add(end);
        }
    }
}
