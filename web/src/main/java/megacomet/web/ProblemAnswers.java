package megacomet.web;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests that are refused or fail, all in one form: problem details (RFC 9457) with a stable code. */
public final class ProblemAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int PAYLOAD_TOO_LARGE = 413;

    private ProblemAnswers() {}

    /** Is told of every problem before it is answered. */
    public interface Witness {
        void refused(ErrorCode code, HttpServerRequest request);
    }

    /** Lets every failure on the router's routes be answered as a problem, and leave a trace. */
    public static void on(Router router, RefusalLog refusals, TrustedProxies proxies) {
        on(router, (code, request) -> refusals.refused(code, request, proxies));
    }

    /** Lets every failure on the router's routes be answered as a problem. */
    public static void on(Router router, Witness witness) {
        router.route().failureHandler(context -> failed(context, context.statusCode(), witness));
        router.errorHandler(NOT_FOUND, context -> answer(context, Problem.of(ErrorCode.NOT_FOUND), witness));
        router.errorHandler(METHOD_NOT_ALLOWED, context -> {
            context.response().putHeader("allow", String.join(", ", methodsOf(router, context)));
            answer(context, Problem.of(ErrorCode.METHOD_NOT_ALLOWED), witness);
        });
        for (int status : new int[] {400, 413, 500}) {
            // Without a failure the router itself refused: a path that is not percent-encoded as it should be, say.
            router.errorHandler(
                    status,
                    context -> failed(context, context.failure() == null ? status : context.statusCode(), witness));
        }
    }

    private static Set<String> methodsOf(Router router, RoutingContext context) {
        Set<String> methods = new TreeSet<>();
        router.getRoutes().stream()
                .filter(route -> route.methods() != null && matches(route.getPath(), context.normalizedPath()))
                .forEach(route -> route.methods().forEach(method -> methods.add(method.name())));
        return methods;
    }

    private static boolean matches(String routePath, String path) {
        return routePath != null
                && path.matches(Arrays.stream(routePath.split("/", -1))
                        .map(segment ->
                                segment.startsWith(":") ? "[^/]+" : segment.equals("*") ? ".*" : Pattern.quote(segment))
                        .collect(Collectors.joining("/")));
    }

    private static void failed(RoutingContext context, int status, Witness witness) {
        Problem problem = problemOf(context.failure(), status);
        // That a connection broke while its request was read is no failure of ours.
        boolean isBroken = context.failure() instanceof IOException || context.failure() instanceof HttpClosedException;
        if (problem.code() == ErrorCode.INTERNAL_ERROR && !isBroken) {
            LOG.atError()
                    .addKeyValue("path", context.request().path())
                    .setCause(context.failure())
                    .log("a request failed");
        }
        answer(context, problem, witness);
    }

    private static void answer(RoutingContext context, Problem problem, Witness witness) {
        witness.refused(problem.code(), context.request());
        answer(context.response(), problem);
    }

    private static Problem problemOf(Throwable failure, int status) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        int said = failure instanceof HttpException http ? http.getStatusCode() : status;
        if (said == PAYLOAD_TOO_LARGE) {
            return Problem.of(ErrorCode.BODY_TOO_LARGE);
        }
        boolean isTheirFault = said >= 400 && said < 500 || failure instanceof IllegalArgumentException;
        return Problem.of(isTheirFault ? ErrorCode.INVALID_REQUEST : ErrorCode.INTERNAL_ERROR);
    }

    /** Writes a problem, unless the response has begun or its connection is gone. */
    public static void answer(HttpServerResponse response, Problem problem) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset(); // Half an answer must not look like a whole one.
            return;
        }
        response.setStatusCode(problem.code().status());
        headers(problem, response::putHeader);
        response.end(problem.json().toString());
    }

    /** Gives out the names and values of the headers with which a problem is answered. */
    public static void headers(Problem problem, BiConsumer<String, String> out) {
        if (problem.retryAfterMs() > 0) {
            out.accept("retry-after", Long.toString(Math.max(1, (problem.retryAfterMs() + 999) / 1000)));
        }
        if (problem.code().status() == 401) {
            out.accept("www-authenticate", "Bearer");
        }
        out.accept("content-type", "application/problem+json");
        out.accept("cache-control", "no-store");
        out.accept("x-content-type-options", "nosniff");
    }

    /** Answers what could not even be read as a request, and closes its connection. */
    public static void unreadable(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        ErrorCode code = ErrorCode.INVALID_REQUEST;
        if (cause instanceof TooLongHttpLineException) {
            code = ErrorCode.URI_TOO_LONG;
        } else if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException) {
            code = ErrorCode.HEADERS_TOO_LARGE;
        }
        request.response().putHeader("connection", "close");
        answer(request.response(), Problem.of(code));
        request.connection().close();
    }
}
