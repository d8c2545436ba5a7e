package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How one session reaches the server. What is delivered goes to the session's inbox; the future completes when every
 * request has its reply (over HTTP when the response is there, whatever is in it), or fails when patience ends.
 */
public interface Wire extends AutoCloseable {

    Transport transport();

    /** Sends a text as it is. The requests are those that it contains. */
    CompletableFuture<Answer> send(String text, List<ObjectNode> requests);

    default CompletableFuture<Answer> send(List<ObjectNode> requests) {
        return send(Json.arrayOf(requests).toString(), requests);
    }

    @Override
    void close();
}
