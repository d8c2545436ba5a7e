package megacomet.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;

/**
 * Lets a request through only when the peer has taken the answers before it. Else whoever sends requests and reads nothing
 * would fill the memory with answers.
 *
 * <p>On HTTP/1.1 Vert.x serves one request after the other, keeps what is pipelined behind it, and stops reading when that
 * is much. So to keep the request back is all that is needed: nothing more is read until it is answered, and that is when
 * the channel is writable again. HTTP/2 has a window of its own for each request, and {@link Http2Responses} counts them.
 *
 * <p>Belongs to the event loop of its server.
 */
final class Backpressure implements Handler<HttpServerRequest> {

    private static final AttributeKey<Http2Responses> RESPONSES = AttributeKey.valueOf("megacomet.responses");

    private final Unsent unsent;
    private final Handler<HttpServerRequest> next;

    Backpressure(Unsent unsent, Handler<HttpServerRequest> next) {
        this.unsent = unsent;
        this.next = next;
    }

    @Override
    public void handle(HttpServerRequest request) {
        ChannelPipeline pipeline = Connections.pipeline(request.connection());
        unsent.watch(pipeline);
        if (request.version() == HttpVersion.HTTP_2) {
            handleHttp2(request, pipeline);
        } else if (pipeline.channel().isWritable()) {
            next.handle(request);
        } else {
            keep(request, pipeline.channel());
        }
    }

    private void keep(HttpServerRequest request, Channel channel) {
        request.pause(); // Else its body would be read, and be lost.
        request.response().drainHandler(drained -> {
            if (channel.isWritable() && !request.response().closed()) {
                request.response().drainHandler(null);
                serve(request);
            }
        });
    }

    private void serve(HttpServerRequest request) {
        request.resume(); // which has its effect only when the next event comes
        next.handle(request);
    }

    private void handleHttp2(HttpServerRequest request, ChannelPipeline pipeline) {
        Channel channel = pipeline.channel();
        Http2Responses responses = channel.attr(RESPONSES).get();
        if (responses == null) {
            responses = new Http2Responses(channel, pipeline.get(Http2ConnectionHandler.class));
            channel.attr(RESPONSES).set(responses);
        }
        count(request, channel, responses);
        if (responses.isFree()) {
            next.handle(request);
            return;
        }
        request.pause();
        ContextInternal context = ContextInternal.current();
        responses.keep(() -> context.dispatch(request, kept -> {
            if (!kept.response().closed()) {
                serve(kept);
            }
        }));
        unsent.wrote(channel, responses);
    }

    private void count(HttpServerRequest request, Channel channel, Http2Responses responses) {
        request.response().endHandler(ended -> {
            responses.add(request.response());
            channel.eventLoop().execute(() -> countUnsent(channel, responses)); // when it is flushed
        });
    }

    private void countUnsent(Channel channel, Http2Responses responses) {
        if (channel.isOpen() && responses.unsentBytes() > 0) {
            unsent.wrote(channel, responses);
        }
    }
}
