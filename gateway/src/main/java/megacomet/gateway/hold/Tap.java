package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.List;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.redis.TopicWake;

/**
 * One topic as one event loop follows it: how far the loop has heard it, and who follows it here. Messages pass through and
 * are not kept.
 *
 * <pre>
 * state      a read is     a wake is         followers
 * READING    on its way    kept for later    wait
 * LIVE       not           dealt with        get what comes, or catch up to here
 * IN_DOUBT   owed          kept for later    wait
 * </pre>
 *
 * <p>Only {@link Taps} uses it.
 */
final class Tap {

    /** See the table above. */
    enum State {
        READING,
        LIVE,
        IN_DOUBT
    }

    /** How many wakes may come while a read is on its way; beyond that they are read instead. */
    private static final int MAX_EARLY_WAKES = 64;

    final Topic topic;
    final int partition;
    State state = State.IN_DOUBT;

    /** Counts reads, so that the answer of an outdated one is known for what it is. */
    int ticket;

    /** Where it is; null before it was first read. */
    Position position;

    /** Whether wakes came that were not kept, so that the read on its way may not have them. */
    boolean mustReadOnceMore;

    /** What was last found of it elsewhere, and may be further than it has been read; else null. */
    Position found;

    /** Since when nobody follows it, in the room's time; only while nobody does. */
    long desertedSinceMs;

    private List<TopicWake> early;
    private final List<Follow> followers = new ArrayList<>(1);

    Tap(Topic topic, int partition) {
        this.topic = topic;
        this.partition = partition;
    }

    void add(Follow follow) {
        follow.place = followers.size();
        followers.add(follow);
    }

    /** Takes the follower out; the last one takes its place. */
    void remove(Follow follow) {
        Follow last = followers.remove(followers.size() - 1);
        if (last != follow) {
            followers.set(follow.place, last);
            last.place = follow.place;
        }
    }

    List<Follow> followers() {
        return followers;
    }

    boolean isDeserted() {
        return followers.isEmpty();
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
