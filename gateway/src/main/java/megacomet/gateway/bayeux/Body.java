package megacomet.gateway.bayeux;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/** A request's body, which is read as it is, whatever media type it claims to be. */
final class Body {

    /** The largest: a batch of many messages. */
    static final int MAX_BYTES = 512 << 10;

    private Body() {}

    /** Returns all of it; fails with a {@link Problem} if it is too large. */
    static Future<Buffer> of(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        if (isSaidTooLarge(request)) {
            return Future.failedFuture(Problem.of(ErrorCode.BODY_TOO_LARGE));
        }
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() <= MAX_BYTES) {
                body.appendBuffer(part);
            } else {
                request.handler(null);
                whole.tryFail(Problem.of(ErrorCode.BODY_TOO_LARGE));
            }
        });
        request.exceptionHandler(whole::tryFail);
        request.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    private static boolean isSaidTooLarge(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && (length.length() > 9 || Long.parseLong(length) > MAX_BYTES);
    }
}
