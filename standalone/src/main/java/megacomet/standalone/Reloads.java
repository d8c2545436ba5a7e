package megacomet.standalone;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import megacomet.web.KeyFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a process's files of keys looked at every {@value KeyFiles#RELOAD_MS} ms, and at once on SIGHUP. A
 * JVM that was started with {@code -Xrs} or by {@code nohup} leaves that signal as it is; then there is the interval alone.
 */
final class Reloads {

    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    private final Vertx vertx;
    private final List<KeyFiles<?>> all = new CopyOnWriteArrayList<>();
    private Runnable restoreSignal = () -> {};
    private long timer;

    Reloads(Vertx vertx) {
        this.vertx = vertx;
    }

    void add(KeyFiles<?> files) {
        all.add(files);
    }

    /** Begins to look. */
    void start() {
        timer = vertx.setPeriodic(KeyFiles.RELOAD_MS, due -> look());
        try {
            restoreSignal = Hangup.handle(this::look);
        } catch (IllegalStateException e) {
            LOG.atInfo().addKeyValue("why", e.getMessage()).log("sighup does not have keys read again");
        }
    }

    /** Not on an event loop: files may be on a network. */
    private void look() {
        vertx.executeBlocking(() -> {
            all.forEach(KeyFiles::look);
            return null;
        });
    }

    /** Looks no more, and leaves the signal as it was found, for whoever runs commands in a process of its own. */
    void stop() {
        vertx.cancelTimer(timer);
        restoreSignal.run();
    }
}
