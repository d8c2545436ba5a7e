package megacomet.gateway.transport;

import megacomet.gateway.hold.EndReason;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/** What the waiting room refuses a hold for, as browsers are told. */
final class Refusals {

    private Refusals() {}

    static Problem problem(EndReason why, long retryAfterMs) {
        ErrorCode code = why == EndReason.TOO_FAST ? ErrorCode.POLLING_TOO_FAST : ErrorCode.REDIS_UNAVAILABLE;
        return Problem.later(code, retryAfterMs, null);
    }
}
