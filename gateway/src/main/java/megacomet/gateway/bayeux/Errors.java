package megacomet.gateway.bayeux;

import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/**
 * What messages are refused for: a code, arguments, and a sentence (Bayeux 1.0, section "error"). Clients act on advice and
 * not on these, but applications look for {@code 402}.
 */
final class Errors {

    static final String NO_COMMON_TYPE = "301::No connection type in common";
    static final String BAD_REQUEST = "400::Bad request";
    static final String MISSING_VERSION = "400::Version is missing";
    static final String MISSING_TYPES = "400::Supported connection types are missing";
    static final String BAD_CONNECTION_TYPE = "400::Connection type is missing or unknown";
    static final String MISSING_SUBSCRIPTION = "400::Subscription is missing";
    static final String MISSING_DATA = "400::Data is missing";
    static final String UNKNOWN_CLIENT = "402::Unknown client";
    static final String INACTIVE = "402::Session was inactive";
    static final String HANDSHAKE_DENIED = "403::Handshake denied";
    static final String TOO_MANY_SUBSCRIPTIONS = "403::Too many subscriptions";
    static final String STATUS_DENIED = "403::Status denied";
    static final String NO_SUCH_SERVICE = "404::Nothing answers this service channel";
    static final String BAD_CHANNEL = "405::Invalid channel";
    static final String TOO_LARGE = "413::Message too large";
    static final String TOO_MUCH = "413::Too much in one request";
    static final String TOO_MANY_IDS = "429::Too many messages";
    static final String UNAVAILABLE = "503::Not available now";
    static final String FULL = "507::No memory left";

    private Errors() {}

    /** A channel that the session may not follow or publish to. */
    static String forbidden(String channel) {
        return "403:" + argument(channel) + ":Forbidden channel";
    }

    /** Not now, but after so many ms. */
    static String tooOften(long waitMs) {
        return later(Problem.later(ErrorCode.RATE_LIMITED, waitMs, null));
    }

    static String later(Problem problem) {
        String argument = problem.retryAfterMs() > 0 && problem.retryAfterMs() < Long.MAX_VALUE
                ? "" + problem.retryAfterMs()
                : "";
        return problem.code().status() + ":" + argument + ":"
                + switch (problem.code()) {
                    case RATE_LIMITED -> "Too often";
                    case TOO_MANY_NEW_TOPICS -> "Too many new topics";
                    case TOO_MANY_BYTES_KEPT -> "Too much is kept";
                    case MESSAGE_TOO_LARGE -> "Message too large";
                    default -> "Not available now";
                };
    }

    /** What is neither a channel nor a pattern. */
    static String invalid(String channel) {
        return "405:" + argument(channel) + ":Invalid channel";
    }

    /** An argument of an error has few characters; what else a client sent is left out. */
    private static String argument(String text) {
        String shown = text.length() <= 80 ? text : text.substring(0, 80);
        return shown.replaceAll("[^A-Za-z0-9\\-_!~()$@ /*.]", "");
    }
}
