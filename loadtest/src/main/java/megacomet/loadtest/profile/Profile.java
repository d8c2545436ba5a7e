package megacomet.loadtest.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What a run does. Every scenario is one of these.
 *
 * @param scenario its name
 * @param groups the browsers
 * @param durationMs how long it is measured
 * @param storms how often everybody is dropped and reconnects; the runs' duration is then what that takes
 * @param stormPauseMs from when all are back to the next storm
 */
public record Profile(String scenario, List<Group> groups, long durationMs, int storms, long stormPauseMs) {

    public Profile {
        groups = List.copyOf(groups);
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("no browsers");
        }
    }

    /** All browsers. */
    public int browsers() {
        return groups.stream().mapToInt(Group::browsers).sum();
    }

    @JsonIgnore
    public boolean isPublishing() {
        return groups.stream().anyMatch(Group::isPublishedTo);
    }
}
