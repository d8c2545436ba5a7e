package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import megacomet.model.TopicPattern;

/** One pattern as one event loop follows it, in every partition. Only {@link Patterns} uses it. */
final class PatternTap {

    final TopicPattern name;

    /** Where Redis has not yet said that it is followed. */
    final BitSet missing = new BitSet();

    /** Where Redis has been asked to, and has not answered. */
    final BitSet asked = new BitSet();

    /** Since when nobody follows it, in the room's time; only while nobody does. */
    long desertedSinceMs;

    private final List<PatternFollow> followers = new ArrayList<>(1);

    PatternTap(TopicPattern name) {
        this.name = name;
    }

    void add(PatternFollow follow) {
        follow.places[follow.slotOf(this)] = followers.size();
        followers.add(follow);
    }

    /** Takes the follower out; the last one takes its place. */
    void remove(PatternFollow follow) {
        PatternFollow last = followers.remove(followers.size() - 1);
        if (last != follow) {
            int place = follow.places[follow.slotOf(this)];
            followers.set(place, last);
            last.places[last.slotOf(this)] = place;
        }
    }

    List<PatternFollow> followers() {
        return followers;
    }

    boolean isOpen() {
        return missing.isEmpty();
    }
}
