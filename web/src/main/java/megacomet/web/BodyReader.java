package megacomet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads the bodies of requests as a whole, within bounds: each in size and time, and all of the process together in
 * {@link Bodies}. A body that comes in one piece, as nearly all do, is handled at once: it is not counted, and so it is taken even
 * when the budget is full of others' halves.
 *
 * <p>A body that is refused while more of it may come ends its connection: what still comes is thrown away for
 * {@value #LINGER_MS} ms, so that the sender gets to read why, and then the connection is cut. Of HTTP/2 only the stream ends.
 *
 * <p>One instance an event loop; for its thread alone.
 */
public final class BodyReader {

    /** How long a body may take, or a part of one that is large. */
    public static final long MAX_MS = 30_000;

    /** How much must come in that time of a body that may take longer. */
    public static final int PROGRESS_BYTES = 64 << 10;

    private static final long SWEEP_MS = 1_000;
    private static final long LINGER_MS = 1_000;

    /** RFC 9113, section 8.1: a server that needs no more of a request resets its stream so. */
    private static final long NO_ERROR = 0;

    private final Vertx vertx;
    private final Guard guard;
    private final long maxMs;
    private final long sweepMs;
    /** Those under way, in the order in which they began. */
    private final Set<Reading> readings = new LinkedHashSet<>();

    private boolean isSweeping;

    public BodyReader(Vertx vertx, Guard guard) {
        this(vertx, guard, MAX_MS, SWEEP_MS);
    }

    BodyReader(Vertx vertx, Guard guard, long maxMs, long sweepMs) {
        this.vertx = vertx;
        this.guard = guard;
        this.maxMs = maxMs;
        this.sweepMs = sweepMs;
    }

    /**
     * Reads a request's body, whatever media type it claims to be. To be called when the request comes; whoever gets the body closes
     * it when it is handled.
     *
     * @return fails with a {@link Problem}, which is to be answered at once, or because the connection broke
     */
    public Future<RequestBody> read(HttpServerRequest request, BodyLimits limits) {
        Reading reading = new Reading(request, limits);
        try {
            reading.begin();
        } catch (Problem refused) {
            reading.refuse(refused);
        }
        return reading.whole.future();
    }

    /** Looks after slow bodies; only while there are bodies at all. */
    private void sweepSoon() {
        if (!isSweeping && !readings.isEmpty()) {
            isSweeping = true;
            vertx.setTimer(sweepMs, timer -> {
                isSweeping = false;
                long nowNanos = System.nanoTime();
                List.copyOf(readings).forEach(reading -> reading.look(nowNanos));
                sweepSoon();
            });
        }
    }

    /** One body under way. */
    private final class Reading {
        private final HttpServerRequest request;
        private final BodyLimits limits;
        private final boolean isHttp2;
        private final Promise<RequestBody> whole = Promise.promise();
        /** As it was announced; -1 if it was not. */
        private long announced = -1;

        /** What has come, or null. */
        private Buffer body;

        private int counted;
        private boolean isKnown;
        private boolean isAsking;
        private boolean isOver;
        private long lookedNanos = System.nanoTime();
        private int lookedBytes;

        Reading(HttpServerRequest request, BodyLimits limits) {
            this.request = request;
            this.limits = limits;
            this.isHttp2 = request.version() == HttpVersion.HTTP_2;
            this.isKnown = limits.acquaintance() == null;
        }

        void begin() {
            demandNoCoding();
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            if (length != null) {
                announced = length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
            }
            if (announced > limits.maxBytes()) {
                throw tooLarge();
            }
            String expected = request.getHeader(HttpHeaders.EXPECT);
            if (expected != null && request.version() != HttpVersion.HTTP_1_0) { // RFC 9110, section 10.1.1
                if (!expected.equalsIgnoreCase("100-continue")) {
                    throw Problem.of(ErrorCode.INVALID_REQUEST, "Nothing but 100-continue can be expected.");
                }
                request.response().writeContinue();
            }
            request.handler(this::part).exceptionHandler(this::broken).endHandler(end -> end());
            readings.add(this);
            sweepSoon();
        }

        /** A body that is compressed would have to be bounded twice, and no client of ours compresses. */
        private void demandNoCoding() {
            String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
            if (coding != null && !coding.equalsIgnoreCase("identity")) {
                request.response().putHeader(HttpHeaders.ACCEPT_ENCODING, "identity"); // RFC 9110, section 12.5.3
                throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "A body has no Content-Encoding here.");
            }
        }

        private int length() {
            return body == null ? 0 : body.length();
        }

        private void part(Buffer part) {
            if (isOver) {
                return;
            }
            long length = (long) length() + part.length();
            boolean isLast = length == announced;
            if (length > limits.maxBytes()) {
                refuse(tooLarge());
            } else if (isLast && body == null && (isKnown || length <= limits.strangerMaxBytes())) {
                body = part;
            } else if (!count(part.length(), isLast)) {
                guard.cut("bodies_full");
                refuse(Bodies.full());
            } else {
                body = (body == null ? Buffer.buffer() : body).appendBuffer(part);
                if (!isKnown && !isAsking && length > limits.strangerMaxBytes()) {
                    ask();
                }
            }
        }

        private boolean count(int bytes, boolean isLast) {
            if (isLast) {
                guard.bodies().takeAnyway(bytes);
            } else if (!guard.bodies().take(bytes, isKnown)) {
                return false;
            }
            counted += bytes;
            return true;
        }

        /** Reads nothing more until it is known whether that is wanted. */
        private void ask() {
            isAsking = true;
            pause(true);
            limits.acquaintance().mayGoOn(body).onComplete(may -> {
                isAsking = false;
                pause(false);
                if (isOver) {
                    return;
                }
                if (may.succeeded() && may.result()) {
                    isKnown = true;
                    request.resume();
                } else {
                    refuse(may.succeeded() ? tooLargeForStrangers() : may.cause());
                }
            });
        }

        /** Vert.x alone would read on for a while, and what it read would count nowhere. */
        private void pause(boolean isPaused) {
            if (isPaused) {
                request.pause();
            }
            if (!isHttp2) {
                Connections.pipeline(request.connection()).channel().config().setAutoRead(!isPaused);
            }
        }

        private Problem tooLarge() {
            return Problem.of(ErrorCode.BODY_TOO_LARGE, "It has at most " + limits.maxBytes() + " bytes.");
        }

        private Problem tooLargeForStrangers() {
            return Problem.of(
                    ErrorCode.BODY_TOO_LARGE,
                    "It has at most " + limits.strangerMaxBytes() + " bytes unless it is known who sends it.");
        }

        private void end() {
            if (isOver) {
                return;
            }
            stop();
            whole.complete(new RequestBody(body == null ? Buffer.buffer() : body, guard.bodies(), counted));
        }

        private void broken(Throwable failure) {
            if (isOver) {
                return;
            }
            forget();
            if (failure instanceof InvalidChunk) {
                whole.fail(Problem.of(ErrorCode.INVALID_REQUEST, failure.getMessage()));
                // Vert.x closes the connection as soon as this returns, and would lose what it has not flushed.
                Connections.pipeline(request.connection()).flush();
            } else {
                whole.fail(failure);
            }
        }

        private void look(long nowNanos) {
            if (nowNanos - lookedNanos < TimeUnit.MILLISECONDS.toNanos(maxMs)) {
                return;
            }
            if (limits.pace() == BodyLimits.Pace.PROGRESS && length() - lookedBytes >= PROGRESS_BYTES) {
                lookedNanos = nowNanos;
                lookedBytes = length();
                return;
            }
            guard.cut("slow_body");
            refuse(Problem.of(ErrorCode.BODY_TIMEOUT));
        }

        /** Has it answered why, and takes nothing more. */
        private void refuse(Throwable why) {
            forget();
            if (isHttp2) {
                whole.fail(why);
                vertx.runOnContext(answered -> request.response().reset(NO_ERROR));
            } else {
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                whole.fail(why);
                vertx.setTimer(LINGER_MS, late -> Connections.cut(request.connection()));
                request.endHandler(end -> request.connection().close()).resume();
            }
        }

        /** Keeps nothing of it. */
        private void forget() {
            stop();
            guard.bodies().give(counted);
            counted = 0;
            body = null;
        }

        /** It would keep all who wait for the body for as long as a poll is held. */
        private void stop() {
            isOver = true;
            readings.remove(this);
            request.handler(null).exceptionHandler(null).endHandler(null);
        }
    }
}
