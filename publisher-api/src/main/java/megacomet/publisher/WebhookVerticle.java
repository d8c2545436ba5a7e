package megacomet.publisher;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import megacomet.redis.Event;
import megacomet.redis.EventLog;
import megacomet.redis.Post;
import megacomet.redis.Store;
import megacomet.web.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts what happens to clients to the application. Of all publisher processes one does that at a time, from where the last
 * one stopped; so events come in their order and, unless a process dies at that very moment, once. A batch that is not taken
 * with a status of 200 to 299 is sent again until it is, with longer and longer pauses; what happens meanwhile waits in the
 * log, which is bounded, and if it overflows the application is told that events are lost.
 */
public final class WebhookVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookVerticle.class);

    private static final int MAX_A_BATCH = 100;
    private static final long LOOK_EVERY_MS = 500;
    private static final long POST_TIMEOUT_MS = 10_000;

    /** Longer than a post may take, so that nobody else begins while one is on its way. */
    private static final long LEASE_MS = POST_TIMEOUT_MS + 5_000;

    private static final long FIRST_PAUSE_MS = 1_000;
    private static final long LONGEST_PAUSE_MS = 60_000;

    private final WebhookOptions options;
    private final Store store;
    private final Meters meters;
    private final WebhookSignature signature;
    private HttpClient client;
    private Store.Loop redis;
    private EventLog log;
    private Post post;
    private long pauseMs;
    private boolean isStopping;
    private volatile long waitingSinceMs;

    public WebhookVerticle(WebhookOptions options, Store store, Meters meters) {
        this.options = options;
        this.store = store;
        this.meters = meters;
        this.signature = new WebhookSignature(options.secret());
    }

    @Override
    public Future<?> start() {
        redis = store.onThisLoop();
        log = redis.eventLog(EventLog.Observer.NONE);
        post = redis.post(Post.WEBHOOK);
        client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) POST_TIMEOUT_MS)
                .setSsl("https".equals(options.url().getScheme())));
        meters.webhookLag(this, hook -> hook.lagS());
        lookIn(LOOK_EVERY_MS);
        return Future.succeededFuture();
    }

    private static long monotonicMs() {
        return System.nanoTime() / 1_000_000;
    }

    private double lagS() {
        return waitingSinceMs == 0 ? 0 : (monotonicMs() - waitingSinceMs) / 1e3;
    }

    private void lookIn(long ms) {
        if (!isStopping) {
            vertx.setTimer(ms, look -> look());
        }
    }

    /** Does what there is to do, if it is this process's to do, and then looks again. */
    private void look() {
        post.hold(LEASE_MS)
                .compose(held -> held.isMine() ? goOn(held.position()) : Future.succeededFuture(false))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        pauseMs = 0;
                        lookIn(done.result() ? 1 : LOOK_EVERY_MS);
                    } else {
                        failed(done.cause());
                    }
                });
    }

    /** Returns whether there may be more. */
    private Future<Boolean> goOn(String position) {
        if (position.isEmpty()) {
            return log.last().compose(now -> post.hold(LEASE_MS, now)).map(false);
        }
        return log.after(position, MAX_A_BATCH).compose(read -> {
            if (read.entries().isEmpty()) {
                waitingSinceMs = 0;
                return Future.succeededFuture(false);
            }
            return send(read).compose(taken -> post.hold(LEASE_MS, read.upTo())).map(noted -> {
                meters.webhookPosts("done").increment();
                return read.entries().size() == MAX_A_BATCH;
            });
        });
    }

    private Future<Void> send(EventLog.Entries read) {
        List<String> events = new ArrayList<>();
        if (read.isCutOff()) {
            events.add(Event.lost(0, System.currentTimeMillis()).json());
        }
        read.entries().forEach(entry -> events.add(entry.json()));
        if (waitingSinceMs == 0) {
            waitingSinceMs = monotonicMs();
        }
        Buffer body = Buffer.buffer("{\"events\":[" + String.join(",", events) + "]}");
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(options.url().toString())
                .setTimeout(POST_TIMEOUT_MS)
                .putHeader("content-type", "application/json")
                .putHeader(WebhookSignature.HEADER, signature.of(System.currentTimeMillis() / 1000, body));
        return client.request(request)
                .compose(out -> out.send(body))
                // The answer's body is of no interest, but must be read for the connection to be used again.
                .compose(in -> in.end().map(in.statusCode()))
                .compose(status -> status / 100 == 2
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException("it answered " + status)));
    }

    private void failed(Throwable why) {
        meters.webhookPosts("failed").increment();
        pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * pauseMs));
        LOG.atWarn()
                .addKeyValue("why", why.getMessage())
                .addKeyValue("againInMs", pauseMs)
                .log("the webhook did not take events");
        lookIn(pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1));
    }

    @Override
    public Future<?> stop() {
        isStopping = true;
        return post.hold(0).transform(given -> {
            redis.close();
            return client.close();
        });
    }
}
