package megacomet.gateway.bayeux;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import megacomet.redis.Sessions;

/** Notes in Redis how far sessions were pushed messages, within {@value #PERIOD_MS} ms; for one event loop. */
final class Positions {

    /** For so long messages may be repeated after a node was lost. */
    static final int PERIOD_MS = 250;

    private final Vertx vertx;
    private final Sessions sessions;
    private final Set<PushedHold> due = new LinkedHashSet<>();

    Positions(Vertx vertx, Sessions sessions) {
        this.vertx = vertx;
        this.sessions = sessions;
    }

    /** A session was pushed something. */
    void isDue(PushedHold pushed) {
        if (due.isEmpty()) {
            vertx.setTimer(PERIOD_MS, timer -> noteAll());
        }
        due.add(pushed);
    }

    private void noteAll() {
        List<PushedHold> all = new ArrayList<>(due);
        due.clear();
        all.forEach(this::note);
    }

    /** Notes it now. If Redis does not answer it is tried again, as long as nobody else has the session. */
    void note(PushedHold pushed) {
        due.remove(pushed);
        String cursor = pushed.takeCursor();
        if (cursor != null) {
            sessions.pushed(pushed.client, pushed.n(), cursor).onFailure(failure -> {
                pushed.giveBack(cursor);
                isDue(pushed);
            });
        }
    }
}
