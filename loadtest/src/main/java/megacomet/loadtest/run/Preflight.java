package megacomet.loadtest.run;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.browser.Crowd;
import megacomet.loadtest.browser.Network;
import megacomet.loadtest.browser.Tally;
import megacomet.loadtest.dialect.Dialects;
import megacomet.loadtest.dialect.PublishDialect;
import megacomet.loadtest.dialect.PublishSetting;
import megacomet.loadtest.dialect.Setting;
import megacomet.loadtest.dialect.Tokens;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.message.Publication;
import megacomet.loadtest.message.Stamp;
import megacomet.loadtest.profile.Group;
import megacomet.loadtest.wire.MalformedResponse;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Target;
import megacomet.loadtest.worker.ApiKey;

/**
 * Before thousands come, one browser of each kind tries each gateway, and one message each publisher: a wrong target is said
 * at once and in one sentence, instead of by thousands of errors.
 */
final class Preflight {

    private static final int PATIENCE_MS = 5_000;
    private static final int LOOK_MS = 25;

    /** A browser that waited so long unharmed does wait. */
    private static final int UNHARMED_MS = 200;

    private final String run;
    private final RunOptions options;

    Preflight(String run, RunOptions options) {
        this.run = run;
        this.options = options;
    }

    /** @throws Unable if something does not answer as it should */
    void check(List<Group> groups) {
        for (Group group : groups) {
            Dialects dialect = Dialects.named(group.dialect());
            if (group.isPublishedTo()) {
                demandMessages(group, dialect);
                options.publishers().forEach(target -> tryPublisher(target, dialect, group));
            }
            options.gateways().forEach(target -> tryGateway(target, dialect, group));
        }
    }

    private void demandMessages(Group group, Dialects dialect) {
        if (!dialect.isForMessages()) {
            throw new Unable(group.dialect() + " browsers can be held, but nothing can be published to them");
        }
        if (options.publishers().isEmpty()) {
            throw new Unable("--publisher is needed: the URL to which applications publish");
        }
    }

    // ---- browsers' side

    private void tryGateway(Target target, Dialects dialect, Group group) {
        Setting setting =
                new Setting(run, group.topic(), options.holdTimeoutMs(), Tokens.fromFile(options.secretFile()));
        OneBrowser one = new OneBrowser();
        try (Network network = new Network()) {
            Crowd crowd = new Crowd(
                    new Crowd.Identity(0, 0, 1, 1, run + "-probe"),
                    target,
                    dialect.at(target, setting),
                    new Stamp(run),
                    List.of(),
                    network,
                    one);
            network.loop().execute(() -> crowd.openNext());
            String wrong = watch(network, one);
            network.loop().execute(crowd::close);
            if (wrong != null) {
                throw new Unable(target.url() + ": " + wrong + " (" + group.dialect() + ")");
            }
        }
    }

    /** Returns what went wrong, or null. */
    private static String watch(Network network, OneBrowser one) {
        try {
            for (int waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                one.heldMs = network.loop().submit(() -> one.held > 0).get() ? one.heldMs + LOOK_MS : 0;
                String wrong = network.loop().submit(one::wrong).get();
                if (wrong != null || one.heldMs >= UNHARMED_MS || one.counts.answers > 0) {
                    return wrong;
                }
            }
            return "no browser can wait there: no answer within " + PATIENCE_MS / 1_000 + " s";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** What becomes of the browser that tries. */
    private static final class OneBrowser implements Tally {
        final Counts counts = new Counts();
        int held;
        int heldMs;
        private String exhausted;

        String wrong() {
            return exhausted != null
                    ? exhausted
                    : counts.errors.keySet().stream().findFirst().orElse(null);
        }

        @Override
        public Counts counts() {
            return counts;
        }

        @Override
        public void connected(int change) {
            // Whether it waits says enough.
        }

        @Override
        public void held(int change) {
            held += change;
        }

        @Override
        public void back() {
            // There was no storm.
        }

        @Override
        public void delivered(int group, boolean isOfTopic, int number, long dueUs) {
            // Nothing was published yet.
        }

        @Override
        public void exhausted(String sentence) {
            exhausted = sentence;
        }
    }

    // ---- applications' side

    private void tryPublisher(Target target, Dialects dialect, Group group) {
        PublishSetting setting = new PublishSetting(
                run, group.topic(), group.bytes(), options.ttlMs(), ApiKey.fromFile(options.apiKeyFile()));
        PublishDialect publisher = dialect.publisherAt(target, setting);
        ByteBuf request = Unpooled.buffer();
        publisher.request(new Publication(0, 0, 0, 0, 0), run + "-probe", request);
        ResponseReader response = new ResponseReader();
        try (Socket socket = new Socket()) {
            socket.connect(target.address(), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            request.readBytes(socket.getOutputStream(), request.readableBytes());
            byte[] bytes = new byte[4 << 10];
            while (!response.isComplete()) {
                int count = socket.getInputStream().read(bytes);
                if (count < 0 && !response.end()) {
                    throw new IOException("it closed the connection");
                }
                response.read(Unpooled.wrappedBuffer(bytes, 0, Math.max(0, count)));
            }
        } catch (IOException | MalformedResponse e) {
            throw new Unable(target.url() + ": " + e.getMessage() + " (publisher)");
        }
        String refusal = publisher.refusal(response);
        if (refusal != null) {
            throw new Unable(target.url() + ": " + refusal + " (publisher)");
        }
    }
}
