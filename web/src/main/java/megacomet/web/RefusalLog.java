package megacomet.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trace that refusals leave: each counts by its code, and some have a line in the log. An attacker must not be able to fill
 * the log: a code has at most {@value #LINES_A_SECOND} lines a second, and the next line says how many there would have been.
 *
 * <p>A line has what is needed to find who it was and nothing that opens a door: no token, no key, of the path only its
 * beginning, because session ids stand in paths. One a process, for any thread.
 */
public final class RefusalLog {

    /** Close codes of WebSockets: up to this one nobody did wrong; from the other one on they are not those of the RFC. */
    private static final int GOING_AWAY = 1001;

    private static final int FIRST_OF_OURS = 3000;

    /** How many lines a second each code has. */
    static final int LINES_A_SECOND = 3;

    private static final int MAX_PATH_LENGTH = 16;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    private final Meters meters;
    private final LongSupplier clockNanos;
    /** By code, of which there are few. */
    private final Map<String, OfCode> byCode = new ConcurrentHashMap<>();

    RefusalLog(Meters meters) {
        this(meters, System::nanoTime);
    }

    RefusalLog(Meters meters, LongSupplier clockNanos) {
        this.meters = meters;
        this.clockNanos = clockNanos;
    }

    /** Notes that a request is refused whose headers are still there. */
    public void refused(ErrorCode code, HttpServerRequest request, TrustedProxies proxies) {
        long untold = count(code.word());
        if (untold >= 0) {
            tell(code.word(), proxies.client(request), beginningOf(request.path()), untold);
        }
    }

    /**
     * Notes the same of a request of which only this is known.
     *
     * @param code of an {@link ErrorCode}, or of another fixed set of words
     * @param path of the endpoint, without what is anybody's
     */
    public void refused(String code, SocketAddress peer, String path) {
        long untold = count(code);
        if (untold >= 0) {
            tell(code, peer == null ? "unknown" : peer.hostAddress(), path, untold);
        }
    }

    /**
     * Notes that we close a WebSocket, as {@code websocket_1009}, if its close code says that its peer did wrong or must wait (RFC 6455,
     * section 7.4.1). How waiting ends is nothing of that kind.
     */
    public void closed(int closeCode, SocketAddress peer, String path) {
        boolean isRefusal = closeCode > GOING_AWAY && closeCode < FIRST_OF_OURS;
        if (isRefusal) {
            refused("websocket_" + closeCode, peer, path);
        }
    }

    private long count(String code) {
        OfCode ofCode = byCode.computeIfAbsent(code, OfCode::new);
        meters.refused(code).increment();
        return ofCode.next();
    }

    private static void tell(String code, String address, String path, long untold) {
        LOG.atInfo()
                .addKeyValue("code", code)
                .addKeyValue("address", address)
                .addKeyValue("path", path)
                .addKeyValue("untold", untold)
                .log("refused");
    }

    /** Returns what names the endpoint: one segment, or two below {@code /v1}; without what a log could mistake for its own. */
    static String beginningOf(String path) {
        if (path == null) {
            return "";
        }
        int end = path.indexOf('/', path.startsWith("/v1/") ? 4 : 1);
        String beginning = end < 0 ? path : path.substring(0, end);
        String shown = beginning.length() <= MAX_PATH_LENGTH ? beginning : beginning.substring(0, MAX_PATH_LENGTH);
        return shown.replaceAll("[^A-Za-z0-9/._-]", "?");
    }

    /** How many lines a code has had in this second. */
    private final class OfCode {
        private long secondFromNanos;
        private int lines;
        private long untold;

        OfCode(String code) {
            secondFromNanos = clockNanos.getAsLong();
        }

        /** Returns how many had no line since the last one; -1 if this has none either. */
        synchronized long next() {
            long nowNanos = clockNanos.getAsLong();
            if (nowNanos - secondFromNanos >= SECOND_NANOS) {
                secondFromNanos = nowNanos;
                lines = 0;
            }
            if (lines == LINES_A_SECOND) {
                untold++;
                return -1;
            }
            lines++;
            long before = untold;
            untold = 0;
            return before;
        }
    }
}
