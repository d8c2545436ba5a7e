package megacomet.web;

import java.util.Locale;

/**
 * Everything that a request can be refused for, on either server: the stable code, the HTTP status, the sentence, and
 * whether the same request may succeed later.
 */
public enum ErrorCode {
    // What was sent cannot be understood.
    INVALID_JSON(400, "The body is not JSON.", false),
    INVALID_UTF8(400, "The body is not UTF-8.", false),
    INVALID_REQUEST(400, "The request is not HTTP as it should be.", false),
    UNKNOWN_FIELD(400, "A field is not known here.", false),
    DUPLICATE_FIELD(400, "A field is there twice.", false),
    MISSING_FIELD(400, "A field is missing.", false),
    INVALID_FIELD(400, "A field has a value that it cannot have.", false),
    MISSING_CLIENT(400, "The request does not say for which client it is.", false),
    INVALID_CLIENT(400, "That cannot be a client id.", false),
    INVALID_TOPIC(400, "That cannot be a topic, or a pattern of topics.", false),
    TOO_MANY_TOPICS(400, "No client follows that many topics.", false),
    INVALID_CURSOR(400, "That is not a cursor of this service.", false),
    INVALID_PARAMETER(400, "A parameter has a value that it cannot have.", false),
    INVALID_CALLBACK(400, "That cannot be the name of a JSONP callback.", false),

    // Who sent it may not.
    TOKEN_MISSING(401, "A token is needed.", false),
    TOKEN_INVALID(401, "The token is not valid.", false),
    TOKEN_EXPIRED(401, "The token has expired.", false),
    TOKEN_REVOKED(401, "The token was revoked.", false),
    API_KEY_MISSING(401, "An API key is needed.", false),
    API_KEY_INVALID(401, "The API key is not valid.", false),
    CLIENT_NOT_ALLOWED(403, "The token is for another client.", false),
    TOPIC_NOT_ALLOWED(403, "The token does not allow that topic.", false),
    SCOPE_MISSING(403, "The API key does not have the scope that this needs.", false),
    ORIGIN_NOT_ALLOWED(403, "Pages of that origin may not use this service.", false),
    HOST_NOT_ALLOWED(403, "The server does not answer to that host name.", false),

    // There is no such thing, or not like this.
    NOT_FOUND(404, "There is nothing at this path.", false),
    METHOD_NOT_ALLOWED(405, "This path does not take that method.", false),
    BODY_TIMEOUT(408, "The body did not come in time.", true),
    TOO_MANY_FOLLOWS(409, "The client follows as many topics as it may.", false),
    ID_CONFLICT(409, "The same id was published with another body.", false),
    BODY_TOO_LARGE(413, "The body is larger than allowed.", false),
    MESSAGE_TOO_LARGE(413, "The message is larger than allowed.", false),
    URI_TOO_LONG(414, "The request line is longer than allowed.", false),
    UNSUPPORTED_MEDIA_TYPE(415, "The body has a media type that this path does not take.", false),
    UPGRADE_REQUIRED(426, "This path takes WebSockets only.", false),
    HEADERS_TOO_LARGE(431, "The headers are larger than allowed.", false),

    // Not now.
    RATE_LIMITED(429, "There are more requests than the limit that was set.", true),
    POLLING_TOO_FAST(429, "The client polls again and again and takes in nothing.", true),
    TOO_MANY_IDS(429, "So many ids were published lately that no more can be remembered.", true),
    TOO_MANY_NEW_TOPICS(429, "The client begins more topics than it may.", true),
    TOO_MANY_BYTES_KEPT(429, "As much is kept of what the client published as may be.", true),
    TOO_MANY_REVOCATIONS(429, "So many tokens were revoked that no more can be remembered.", true),
    TOO_MANY_READERS(503, "As many applications read the events as may.", true),
    TOO_MUCH_UNSENT(503, "Others do not read what they were sent; large answers must wait.", true),
    TOO_MANY_NEW_CONNECTIONS(503, "More connections come in than the gateway may take at a time.", true),
    TOO_MANY_CONNECTIONS(503, "There are as many connections as may be served.", true),
    TOO_MANY_BODIES(503, "As many bytes of bodies are under way as may be.", true),
    REDIS_UNAVAILABLE(503, "Redis does not answer; nothing was changed.", true),
    OUTCOME_UNKNOWN(503, "Redis took the request and did not answer; it may have had its effect.", true),
    NO_REPLICAS(503, "Redis has no replica to store it on; nothing was stored.", true),
    NOT_REPLICATED(504, "It is stored, and no replica is known to have it.", true),
    REDIS_FULL(507, "Redis has no memory left; nothing was stored.", true),
    INTERNAL_ERROR(500, "Something went wrong here.", true);

    private final int status;
    private final String title;
    private final boolean isWorthRetrying;

    ErrorCode(int status, String title, boolean isWorthRetrying) {
        this.status = status;
        this.title = title;
        this.isWorthRetrying = isWorthRetrying;
    }

    /** Returns the code as it stands on the wire; it never changes. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns a sentence for people; it may change. */
    public String title() {
        return title;
    }

    /** Whether the same request may succeed later. */
    public boolean isWorthRetrying() {
        return isWorthRetrying;
    }
}
