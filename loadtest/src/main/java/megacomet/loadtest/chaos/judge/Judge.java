package megacomet.loadtest.chaos.judge;

import java.util.List;
import megacomet.loadtest.chaos.history.History;

/** Judges a run by its history alone: the same history, the same verdicts. */
public final class Judge {

    private Judge() {}

    public static List<Verdict> judge(History history, Bounds bounds) {
        List<Promise> promises = List.of(
                new NothingIsLost(),
                new NothingIsReordered(),
                new NothingIsDuplicated(bounds),
                new NothingOutlivesItself(bounds),
                new NobodyIsDeaf(bounds),
                new NumbersMeanOneThing());
        return promises.stream().map(promise -> promise.judge(history)).toList();
    }
}
