package megacomet.gateway.hold;

import megacomet.model.ClientId;
import megacomet.model.Gap;
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

    /** A client came that no node knew. */
    default void arrived(ClientId client, Transport transport) {}

    /** A client is not this room's any more, nor anybody else's: it did not come back within the linger, say. */
    default void departed(ClientId client, Transport transport, Departure reason) {}

    /** A client was told of a gap. */
    default void told(ClientId client, Gap gap) {}
}
