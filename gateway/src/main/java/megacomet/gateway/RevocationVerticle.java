package megacomet.gateway;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import megacomet.redis.RevocationLog;
import megacomet.redis.Store;
import megacomet.web.Revocations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads once a second which tokens were revoked, so that no request need ask. Nothing is pushed, so nothing can be lost on its way:
 * a node that cannot read gets no messages from there either, and reads on when it can.
 *
 * <p>Ids in the log are times of the master that wrote it. After a failover they may be lower than those that were read; so each reading goes
 * back {@value #OVERLAP_MS} ms, and each {@value #WHOLE_EVERY}th reads everything.
 *
 * <p>One a node, on an event loop.
 */
final class RevocationVerticle extends VerticleBase {

    /** How often the log is read, in ms. */
    static final long EVERY_MS = 1_000;

    private static final long OVERLAP_MS = 60_000;
    private static final int WHOLE_EVERY = 60;
    private static final Logger LOG = LoggerFactory.getLogger(RevocationVerticle.class);

    private final Store store;
    private final Revocations revocations;
    private final Consumer<Set<String>> revoked;
    private Store.Loop redis;
    private RevocationLog log;
    private long timer;
    private boolean isReading;
    private int readings;
    private String last;
    private volatile boolean hasRead;

    /** @param revoked is told the subjects of tokens that were good until now, on this verticle's event loop */
    RevocationVerticle(Store store, Revocations revocations, Consumer<Set<String>> revoked) {
        this.store = store;
        this.revocations = revocations;
        this.revoked = revoked;
    }

    /** Whether the log was read to its end since the start. From any thread. */
    boolean hasRead() {
        return hasRead;
    }

    @Override
    public Future<?> start() {
        redis = store.onThisLoop();
        log = redis.revocations();
        timer = vertx.setPeriodic(EVERY_MS, due -> read());
        read();
        return Future.succeededFuture();
    }

    private void read() {
        if (isReading) {
            return;
        }
        isReading = true;
        boolean isWhole = readings++ % WHOLE_EVERY == 0 || last == null;
        log.from(isWhole ? null : earlier(last))
                .onSuccess(this::learn)
                .onFailure(failure -> LOG.atDebug()
                        .addKeyValue("why", failure.getMessage())
                        .log("revocations not read, they will be"))
                .onComplete(done -> isReading = false);
    }

    private static String earlier(String id) {
        return Long.toString(Math.max(0, Long.parseLong(id.substring(0, id.indexOf('-'))) - OVERLAP_MS));
    }

    private void learn(List<RevocationLog.Entry> entries) {
        Set<String> news = new HashSet<>();
        for (RevocationLog.Entry entry : entries) {
            String subject = entry.client().value();
            if (revocations.add(subject, entry.issuedBeforeMs(), entry.untilMs())) {
                news.add(subject);
            }
            last = entry.id();
        }
        revocations.forgetOver(System.currentTimeMillis());
        hasRead = true;
        if (!news.isEmpty()) {
            LOG.atInfo().addKeyValue("clients", news.size()).log("tokens revoked");
            revoked.accept(news);
        }
    }

    @Override
    public Future<?> stop() {
        vertx.cancelTimer(timer);
        redis.close();
        return Future.succeededFuture();
    }
}
