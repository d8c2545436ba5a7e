package megacomet.gateway.bayeux;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.publish.Payer;
import megacomet.gateway.transport.Permissions;
import megacomet.model.ClientId;
import megacomet.web.LimitClaims;
import megacomet.web.Revocations;

/**
 * Who a session belongs to and what it may do, as its handshake's credentials said it. It stands in Redis with the session;
 * the credentials do not.
 *
 * @param subject who it is, or null if nobody said so
 * @param topics patterns that it may follow
 * @param publish patterns to which it may publish
 * @param expiryMs when this is true no more, epoch ms; {@link Long#MAX_VALUE} if that is never
 * @param issuedMs when the credentials were issued, epoch ms; 0 if that is not known
 * @param mayAskStatus whether it may ask how many follow a topic, and how many sessions there are
 * @param tab by what name other sessions of its browser know it (see {@link Tabs}), or null
 * @param limits what its credentials say of its limits
 */
record Visitor(
        String subject,
        List<String> topics,
        List<String> publish,
        long expiryMs,
        long issuedMs,
        boolean mayAskStatus,
        String tab,
        LimitClaims limits) {

    /** Anybody, at an open server. */
    static final Visitor ANYBODY =
            new Visitor(null, List.of("**"), List.of("**"), Long.MAX_VALUE, 0, true, null, LimitClaims.NONE);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /** Returns the same under another name among its browser's sessions. */
    Visitor withTab(String otherTab) {
        return new Visitor(subject, topics, publish, expiryMs, issuedMs, mayAskStatus, otherTab, limits);
    }

    /** Whether the application has revoked the credentials. */
    boolean isRevoked(Revocations revocations) {
        return subject != null && revocations.isRevoked(subject, issuedMs);
    }

    /** Returns the hash of the subject, by which its holds are known; 0 if it is nobody. */
    int subjectHash() {
        return subject == null ? 0 : subject.hashCode();
    }

    boolean isExpired() {
        return System.currentTimeMillis() >= expiryMs;
    }

    /** Returns how long a hold of the session may last: {@link Hold#FOR_EVER} if the credentials do not expire. */
    long lifeMs() {
        return expiryMs == Long.MAX_VALUE ? Hold.FOR_EVER : Math.max(0, expiryMs - System.currentTimeMillis());
    }

    /** @param session whose client it is unless it is somebody */
    Permissions permissions(ClientId session) {
        return Permissions.of(subject == null ? session : new ClientId(subject), topics, publish);
    }

    /**
     * Returns whose limits it is what a session causes. Nobody vouches for one that is nobody's.
     *
     * @param session to which the ids of its messages belong
     */
    Payer payer(ClientId session) {
        String author = session.value();
        return new Payer(subject == null ? author : subject, author, subject == null, limits);
    }

    byte[] toBytes() {
        ObjectNode json = JSON.createObjectNode();
        if (subject != null) {
            json.put("sub", subject);
        }
        ArrayNode follows = json.putArray("topics");
        topics.forEach(follows::add);
        ArrayNode publishes = json.putArray("publish");
        publish.forEach(publishes::add);
        if (expiryMs != Long.MAX_VALUE) {
            json.put("exp", expiryMs);
        }
        if (issuedMs != 0) {
            json.put("iat", issuedMs);
        }
        if (mayAskStatus) {
            json.put("status", true);
        }
        if (tab != null) {
            json.put("tab", tab);
        }
        if (!limits.equals(LimitClaims.NONE)) {
            json.set(LimitClaims.CLAIM, JSON.valueToTree(limits.toMap()));
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("an object of ours is JSON", e);
        }
    }

    static Visitor parse(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            return new Visitor(
                    json.path("sub").asText(null),
                    texts(json.path("topics")),
                    texts(json.path("publish")),
                    json.path("exp").asLong(Long.MAX_VALUE),
                    json.path("iat").asLong(),
                    json.path("status").asBoolean(),
                    json.path("tab").asText(null),
                    limits(json.path(LimitClaims.CLAIM)));
        } catch (IOException e) {
            throw new UncheckedIOException("a session's owner is what this class wrote", e);
        }
    }

    /** @throws IllegalArgumentException if it is there and is not what {@link LimitClaims} reads */
    static LimitClaims limits(JsonNode object) {
        if (object.isMissingNode() || object.isNull()) {
            return LimitClaims.NONE;
        }
        return LimitClaims.of(JSON.convertValue(object, MAP));
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
