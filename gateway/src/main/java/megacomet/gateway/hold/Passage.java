package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.List;
import megacomet.model.Position;
import megacomet.redis.TopicWake;

/**
 * One partition, as the patterns of one event loop see it: how far the loop has heard of its topics. In the states it is like
 * a {@link Tap}; CLOSED while no pattern is followed.
 */
final class Passage {

    enum State {
        CLOSED,
        READING,
        LIVE,
        IN_DOUBT
    }

    private static final int MAX_EARLY_WAKES = 256;

    final int partition;
    State state = State.CLOSED;
    int ticket;
    boolean mustReadOnceMore;

    /** Where it is, in the numbering that runs through all topics of the partition; null before it is known. */
    Position position;

    private List<TopicWake> early;

    Passage(int partition) {
        this.partition = partition;
    }

    void keepForLater(TopicWake wake) {
        if (early == null) {
            early = new ArrayList<>(1);
        }
        if (early.size() < MAX_EARLY_WAKES) {
            early.add(wake);
        } else {
            mustReadOnceMore = true;
        }
    }

    List<TopicWake> takeEarly() {
        List<TopicWake> kept = early == null ? List.of() : early;
        early = null;
        return kept;
    }
}
