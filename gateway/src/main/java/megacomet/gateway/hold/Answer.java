package megacomet.gateway.hold;

import java.util.List;
import megacomet.model.Gap;
import megacomet.model.Message;

/**
 * What a client is answered, on every transport.
 *
 * @param messages oldest first; none if the hold ended without any
 * @param cursor what the client must bring back, or null if it ended before anything was known
 * @param gap what it missed, or null
 * @param advice what to do next
 * @param ended why the hold ended, or null unless the client must know
 */
public record Answer(List<Message> messages, String cursor, Gap gap, Advice advice, EndReason ended) {}
