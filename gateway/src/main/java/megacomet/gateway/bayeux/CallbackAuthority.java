package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import megacomet.model.ClientId;
import megacomet.web.LimitClaims;
import megacomet.web.Revocations;
import megacomet.web.Tokens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP endpoint of the application decides: it is sent {@code {"ext":{…},"address":"…"}} and answers
 * {@code {"allow":true,"sub":"42","topics":["a/**"],"publish":[],"status":false,"expiresInMs":3600000}}, perhaps with
 * {@code limits} as tokens have them; what is absent allows nothing. Good answers are kept for a while by the hash of what was
 * asked, so that a thousand clients that come back at once with the same credentials are one question.
 *
 * <p>If it does not answer, nobody is let in, and clients are told to try again.
 */
final class CallbackAuthority implements Authority {

    private static final Logger LOG = LoggerFactory.getLogger(CallbackAuthority.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TIMEOUT_MS = 5_000;
    private static final long CACHED_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_CACHED = 10_000;
    private static final int MAX_EXT_BYTES = 16 << 10;
    private static final int MAX_ANSWER_BYTES = 64 << 10;
    private static final int MAX_CONNECTIONS = 16;
    private static final int MAX_WAITING = 1_000;

    private final URI url;
    private final Revocations revocations;
    private final HttpClient client;
    private final Map<String, Cached> cache = new LinkedHashMap<>();

    private record Cached(long atNanos, Future<Visitor> visitor) {
        boolean isGood(Revocations revocations) {
            return !visitor.failed()
                    && (visitor.result() == null || !visitor.result().isRevoked(revocations));
        }
    }

    /** @param revocations what was revoked is not taken from what is kept: the application is asked again */
    CallbackAuthority(Vertx vertx, URI url, Revocations revocations) {
        this.revocations = revocations;
        this.url = url;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout((int) TIMEOUT_MS),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
    }

    @Override
    public Future<Visitor> ofHandshake(BayeuxMessage handshake, String address) {
        ObjectNode question = JSON.createObjectNode();
        question.set("ext", handshake.ext() == null ? JSON.createObjectNode() : handshake.ext());
        byte[] body = question.put("address", address).toString().getBytes(StandardCharsets.UTF_8);
        if (body.length > MAX_EXT_BYTES) {
            return Future.succeededFuture();
        }
        String hash = hash(body);
        long nowNanos = System.nanoTime();
        Cached known = cache.get(hash);
        if (known != null && known.isGood(revocations) && nowNanos - known.atNanos <= CACHED_NANOS) {
            return known.visitor.map(visitor -> visitor == null || visitor.isExpired() ? null : visitor);
        }
        Future<Visitor> visitor = ask(body);
        cache.remove(hash);
        cache.put(hash, new Cached(nowNanos, visitor));
        if (cache.size() > MAX_CACHED) {
            cache.remove(cache.keySet().iterator().next());
        }
        return visitor;
    }

    /** The endpoint decides on handshakes alone. */
    @Override
    public Future<Visitor> ofMessage(BayeuxMessage message) {
        return Future.succeededFuture();
    }

    private Future<Visitor> ask(byte[] body) {
        RequestOptions request = new RequestOptions()
                .setAbsoluteURI(url.toString())
                .setMethod(HttpMethod.POST)
                .setTimeout(TIMEOUT_MS)
                .putHeader("content-type", "application/json");
        return client.request(request)
                .compose(sent -> sent.send(Buffer.buffer(body)))
                .compose(CallbackAuthority::answerOf)
                .map(CallbackAuthority::visitor)
                .onFailure(failure ->
                        LOG.atWarn().addKeyValue("why", failure.getMessage()).log("who decides on handshakes did not"));
    }

    private static Future<Buffer> answerOf(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture("HTTP " + response.statusCode());
        }
        return response.body()
                .compose(body -> body.length() > MAX_ANSWER_BYTES
                        ? Future.failedFuture("an answer of " + body.length() + " bytes")
                        : Future.succeededFuture(body));
    }

    static Visitor visitor(Buffer body) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body.getBytes());
        } catch (IOException e) {
            throw new IllegalArgumentException("the answer is no JSON");
        }
        if (!answer.path("allow").isBoolean()) {
            throw new IllegalArgumentException("the answer does not say whether to allow it");
        }
        if (!answer.path("allow").asBoolean()) {
            return null;
        }
        String subject = answer.path("sub").isTextual()
                ? ClientId.given(answer.path("sub").asText()).value()
                : null;
        long lifeMs = answer.path("expiresInMs").asLong(Long.MAX_VALUE);
        return new Visitor(
                subject,
                texts(answer, "topics"),
                texts(answer, "publish"),
                lifeMs == Long.MAX_VALUE ? Long.MAX_VALUE : System.currentTimeMillis() + Math.max(0, lifeMs),
                System.currentTimeMillis(),
                answer.path("status").asBoolean(),
                null,
                Visitor.limits(answer.path(LimitClaims.CLAIM)));
    }

    private static List<String> texts(JsonNode answer, String field) {
        if (answer.path(field).size() > Tokens.MAX_NAMES_A_CLAIM) {
            throw new IllegalArgumentException(
                    "the answer has more than " + Tokens.MAX_NAMES_A_CLAIM + " texts in " + field);
        }
        return Visitor.texts(answer.path(field));
    }

    private static String hash(byte[] question) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(question));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
