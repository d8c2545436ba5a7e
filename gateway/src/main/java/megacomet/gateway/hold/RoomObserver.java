package megacomet.gateway.hold;

import megacomet.model.ClientId;
import megacomet.model.Gap;
import megacomet.model.Topic;
import megacomet.model.Transport;

/** Is told what happens in a waiting room, on its event loop. Does nothing unless it is implemented. */
public interface RoomObserver {

    /** One that looks away. */
    RoomObserver NONE = new RoomObserver() {};

    /** A poll was answered from here, without asking Redis first. */
    default void answeredWithoutRedis() {}

    /** A hold ended. */
    default void ended(ClientId client, Transport transport, EndReason reason, long heldMs) {}

    /** A message was written, so long after Redis had taken it. */
    default void delivered(Transport transport, long ageMs) {}

    /** A wake was dealt with; {@code ageMs} after Redis had taken its message. */
    default void woken(long ageMs) {}

    /** A client was told of a gap, in its mailbox (topic null) or in a topic or pattern. */
    default void told(ClientId client, String topic, Gap gap) {}

    /** Messages that a topic only relays were not sent to a client that reads too slowly. */
    default void dropped(ClientId client, Topic topic, int count) {}

    /** A client came whom nobody held. */
    default void arrived(ClientId client, Transport transport) {}

    /** A client is taken for gone: it did not come back within the linger, say. */
    default void departed(ClientId client, Transport transport, Departure reason) {}
}
