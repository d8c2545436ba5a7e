package megacomet.conformance.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import megacomet.conformance.wire.Json;

/**
 * What must be known of the server, or is given to speak with it.
 *
 * @param timeoutMs how long it holds a connect
 * @param intervalMs how long it wants clients to wait between connects
 * @param maxIntervalMs how long beyond the interval a silent session lives, if known
 * @param bodyMaxBytes the longest body that it takes
 * @param credentials the {@code ext} of every handshake; an empty object for none
 * @param rejectedCredentials an {@code ext} that it must refuse
 * @param originAllowed an origin whose pages may speak with it
 * @param originDenied one whose pages may not
 * @param serviceChannel a service channel that answers
 * @param hosts what it is configured to advise
 * @param channelRoot where the channels of the statements begin
 */
public record Settings(
        List<URI> urls,
        long timeoutMs,
        long intervalMs,
        OptionalLong maxIntervalMs,
        long bodyMaxBytes,
        JsonNode credentials,
        Optional<JsonNode> rejectedCredentials,
        Optional<String> originAllowed,
        String originDenied,
        Optional<String> serviceChannel,
        List<String> hosts,
        String channelRoot) {

    /** Credentials as they are written on the command line: a whole ext object, or a token that becomes {@code ext.token}. */
    public static JsonNode credentials(String written) {
        if (!written.stripLeading().startsWith("{")) {
            return Json.object("token", written);
        }
        JsonNode parsed = Json.parse(written);
        if (parsed instanceof ObjectNode) {
            return parsed;
        }
        throw new IllegalArgumentException("'" + written + "' is no token and no JSON object");
    }

    /** How long a session without a sign of life may still be there, the server's own sweeping included. */
    public long expiryMs() {
        long sweepMs = 1_500;
        return intervalMs
                + maxIntervalMs.orElseThrow(() ->
                        new Skipped("the server does not say its maxInterval, and --max-interval-ms was not given"))
                + sweepMs;
    }

    /** How long an answer may take that is held as long as the server holds any. */
    public long patienceMs() {
        long slackMs = 5_000;
        return timeoutMs + intervalMs + slackMs;
    }
}
