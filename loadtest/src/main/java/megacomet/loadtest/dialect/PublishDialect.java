package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import megacomet.loadtest.message.Publication;
import megacomet.loadtest.wire.ResponseReader;

/** How a message is given to the server. */
public interface PublishDialect {

    /**
     * Appends the request that publishes a message.
     *
     * @param client the recipient's id, or null if it is the topic
     */
    void request(Publication message, String client, ByteBuf out);

    /** Why the message was not accepted, by a complete answer; null if it was. */
    String refusal(ResponseReader response);
}
