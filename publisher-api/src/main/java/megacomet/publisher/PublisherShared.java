package megacomet.publisher;

import java.util.concurrent.atomic.AtomicInteger;
import megacomet.web.Rate;
import megacomet.web.RateLimit;

/**
 * What the event loops of a process share.
 *
 * @param eventReaders how many applications read events
 * @param publishLimit how many messages each API key may publish at a time
 */
public record PublisherShared(AtomicInteger eventReaders, RateLimit<String> publishLimit) {

    /** @param publishRate of each API key, or null for no limit */
    public PublisherShared(Rate publishRate) {
        this(new AtomicInteger(), new RateLimit<>(publishRate));
    }
}
