package megacomet.conformance.judge;

import java.util.List;
import megacomet.conformance.wire.Exchange;
import megacomet.conformance.wire.Transport;

/**
 * How a statement ended on a transport.
 *
 * @param reason of a skip; empty otherwise
 * @param expected of a failure; empty otherwise
 * @param came instead of it; empty otherwise
 * @param exchanges what went over the wire, in order
 * @param aboutTime whether it failed for a time that another run may well keep
 */
public record Outcome(
        Statement statement,
        Transport transport,
        Verdict verdict,
        String reason,
        String expected,
        String came,
        List<Exchange> exchanges,
        long tookMs,
        boolean aboutTime) {

    static Outcome skipped(Statement statement, Transport transport, String reason) {
        return new Outcome(statement, transport, Verdict.SKIPPED, reason, "", "", List.of(), 0, false);
    }
}
