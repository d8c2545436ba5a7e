package megacomet.loadtest.chaos.browsers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import megacomet.loadtest.chaos.faults.Scene;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Stream;

/** Who the browsers are and what they follow: by their index alone, so that it is the same in each run. */
public final class Population {

    private static final int NAMED = 8;
    private static final int MATCHED = 6;
    private static final String BY_NAME = "chaos/t/";
    private static final String BY_PATTERN = "chaos/p/";
    private static final String PATTERN = BY_PATTERN + "*";
    private static final String OWN = "chaos/own/";

    private Population() {}

    static Reader reader(String run, int index, Kind kind) {
        String client = run + "-" + index;
        List<String> follows = new ArrayList<>();
        int what = index / Kind.values().length % 8;
        if (!kind.hasMailbox()) {
            follows.add(OWN + client);
        }
        if (what < 3) {
            follows.add(BY_NAME + index % NAMED);
        }
        if (what == 2) {
            follows.add(BY_NAME + (index + 1) % NAMED);
        }
        if (what == 3 || what == 2) {
            follows.add(PATTERN);
        }
        if (what == 4) {
            follows.add(Scene.BURST_TOPIC);
        }
        return new Reader(client, kind.word(), kind.hasMailbox(), List.copyOf(follows));
    }

    /** Where messages for one browser alone are published. */
    public static Stream own(Reader reader) {
        return reader.hasMailbox() ? Stream.mailbox(reader.client()) : Stream.topic(OWN + reader.client());
    }

    /** The topics that many follow, by name or by pattern. */
    public static List<String> topics() {
        return IntStream.range(0, NAMED + MATCHED)
                .mapToObj(i -> i < NAMED ? BY_NAME + i : BY_PATTERN + (i - NAMED))
                .toList();
    }
}
