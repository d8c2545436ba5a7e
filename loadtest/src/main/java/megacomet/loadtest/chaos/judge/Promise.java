package megacomet.loadtest.chaos.judge;

import megacomet.loadtest.chaos.history.History;

/** Something that is promised to whoever uses the service, and that a run's history shows to be kept or not. */
public interface Promise {

    Verdict judge(History history);
}
