package megacomet.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Where a JavaScript client runs: the other end of {@code verbs.mjs}. */
interface Script extends AutoCloseable {

    /**
     * Carries out a verb and waits for it.
     *
     * @return what it returned
     * @throws AssertionError with what the client said, if it failed or took longer
     */
    JsonNode run(String verb, List<?> arguments, long timeoutMs);

    /** What its listeners were given since this was asked last. */
    List<Heard> takeHeard();

    @Override
    void close();
}
