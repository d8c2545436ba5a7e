package megacomet.standalone;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import megacomet.redis.Store;
import megacomet.redis.link.RedisUrl;
import megacomet.redis.link.ServerBuild;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code megacomet doctor}: says whether this machine and a Redis are as a gateway needs them, and verifies everything
 * that a deployment has in that Redis. Changes nothing, but that a Redis that no deployment has used yet is taken.
 */
@Command(
        name = "doctor",
        description = "Check this machine, a Redis, and all that a deployment has there.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true)
final class DoctorCommand implements Callable<Integer> {

    private static final long TIMEOUT_MS = 60_000;
    private static final long FEW_FILES = 10_000;

    @Mixin
    private RedisOptionsGroup redis;

    @Spec
    private CommandSpec spec;

    private boolean isWell = true;

    /** Whether what is said next is a warning. */
    private boolean isWarned;

    @Override
    public Integer call() {
        say(true, "Java", Runtime.version().toString());
        checkOpenFiles();
        RedisUrl url = redis.given();
        if (url == null) {
            say(false, "Redis", "not given: --redis-url or REDIS_URL");
        } else {
            checkRedis(url);
        }
        return isWell ? 0 : Main.EXIT_FAILED;
    }

    private void checkOpenFiles() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long files = unix.getMaxFileDescriptorCount();
            say(files >= FEW_FILES, "open files", files + " a process; each browser needs one");
        }
    }

    private void checkRedis(RedisUrl url) {
        ProcessOptionsGroup.log(ch.qos.logback.classic.Level.ERROR);
        Vertx vertx = Vertx.vertx();
        try {
            Store store = Store.open(vertx, redis.toStoreOptions(url), (verb, nanos, isDone) -> {});
            if (attempt("Redis", store::check, fits -> url + " fits")) {
                attempt("Redis build", store::build, this::toldOfBuild);
                attempt("contents", () -> contents(vertx, store), this::told);
            }
        } finally {
            vertx.close();
        }
    }

    private static Future<List<String>> contents(Vertx vertx, Store store) {
        io.vertx.core.Promise<List<String>> promise = io.vertx.core.Promise.promise();
        vertx.getOrCreateContext()
                .runOnContext(run -> store.onThisLoop().check().findings().onComplete(promise));
        return promise.future();
    }

    /** A build with holes is a warning: a version does not tell what a distribution or a cloud has patched. */
    private String toldOfBuild(Optional<ServerBuild> build) {
        Optional<String> concern = build.flatMap(ServerBuild::concern);
        isWarned = concern.isPresent();
        return concern.orElse(build.map(ServerBuild::toString).orElse("it does not say"));
    }

    private String told(List<String> findings) {
        if (findings.isEmpty()) {
            return "every key is as it should be";
        }
        isWell = false;
        return String.join(System.lineSeparator() + "     ", findings);
    }

    private interface Saying<T> {
        String of(T result);
    }

    private <T> boolean attempt(String what, Supplier<Future<T>> work, Saying<T> saying) {
        try {
            T result = work.get()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .join();
            boolean wasWell = isWell;
            String said = saying.of(result);
            say(isWell || !wasWell, what, said);
            return true;
        } catch (CompletionException e) {
            say(false, what, Failures.sentence(e));
            return false;
        }
    }

    private void say(boolean isGood, String what, String said) {
        isWell &= isGood;
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-4s %s: %s%n", !isGood ? "BAD" : isWarned ? "warn" : "ok", what, said);
        isWarned = false;
        out.flush();
    }
}
