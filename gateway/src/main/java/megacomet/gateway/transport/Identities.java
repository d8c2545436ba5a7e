package megacomet.gateway.transport;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.publish.Payer;
import megacomet.model.ClientId;
import megacomet.web.Bearer;
import megacomet.web.ErrorCode;
import megacomet.web.LimitClaims;
import megacomet.web.Problem;
import megacomet.web.RateLimit;
import megacomet.web.Tokens;

/** Tells who a browser is and what it may do, for one event loop: its token says so. And how often it may ask. */
final class Identities {

    private final Tokens tokens;
    private final RateLimit<ClientId> pace;

    /** @param pace how often each client may ask for what costs Redis work, on this event loop */
    Identities(Tokens tokens, RateLimit<ClientId> pace) {
        this.tokens = tokens;
        this.pace = pace;
    }

    /**
     * Throws a {@link Problem} if the client asks too often. Polls, streams and sockets that are opened, confirmations, and all that is
     * said on a socket but publishes count alike, because each has Redis do something; publishes have limits of their own.
     */
    void demandPace(ClientId client) {
        long waitMs = pace.take(client, 1);
        if (waitMs > 0) {
            throw Problem.later(ErrorCode.RATE_LIMITED, waitMs, null);
        }
    }

    /**
     * @param expiryMs when this is true no more, epoch ms; {@link Long#MAX_VALUE} if that is never
     * @param limits what its token says of its limits
     */
    record Identity(ClientId client, Permissions permissions, long expiryMs, LimitClaims limits) {

        boolean isExpired() {
            return System.currentTimeMillis() >= expiryMs;
        }

        /** Returns how long a hold may last: {@link Hold#FOR_EVER} if the token does not expire. */
        long lifeMs() {
            return expiryMs == Long.MAX_VALUE ? Hold.FOR_EVER : Math.max(0, expiryMs - System.currentTimeMillis());
        }
    }

    /**
     * Returns who sent a request, or throws a {@link Problem}.
     *
     * @param client who it says to be, or null
     * @param token what it brings beside an {@code Authorization}, or null
     */
    Identity of(HttpServerRequest request, String client, String token) {
        return of(tokens.isOpen() ? null : request.getHeader(HttpHeaders.AUTHORIZATION), client, token);
    }

    /** @param authorization the value of the header, or null */
    Identity of(String authorization, String client, String token) {
        if (isOpen()) {
            return of(client, token);
        }
        String bearer = Bearer.of(authorization);
        return of(client, bearer != null ? bearer : token);
    }

    /** Whether anybody may say to be anybody. */
    boolean isOpen() {
        return tokens.isOpen();
    }

    /** Returns whose the token is. Without tokens, in an open server, anybody may say to be anybody. */
    Identity of(String client, String token) {
        if (tokens.isOpen()) {
            if (client == null) {
                throw Problem.of(ErrorCode.MISSING_CLIENT);
            }
            ClientId id = clientId(client, ErrorCode.INVALID_CLIENT);
            return new Identity(id, Permissions.open(id), Long.MAX_VALUE, LimitClaims.NONE);
        }
        Tokens.Claims claims = tokens.check(token);
        if (client != null && !client.equals(claims.subject())) {
            throw Problem.of(ErrorCode.CLIENT_NOT_ALLOWED);
        }
        ClientId id = clientId(claims.subject(), ErrorCode.TOKEN_INVALID);
        Permissions permissions = Permissions.of(id, claims.topics(), claims.publish());
        return new Identity(id, permissions, claims.expiryMs(), claims.limits());
    }

    /** Returns whose limits it is that a browser publishes. In an open server nobody vouches for a client. */
    Payer payer(Identity who) {
        return new Payer(who.client.value(), who.client.value(), isOpen(), who.limits);
    }

    private static ClientId clientId(String text, ErrorCode otherwise) {
        try {
            return ClientId.given(text);
        } catch (IllegalArgumentException e) {
            throw Problem.of(otherwise, e.getMessage());
        }
    }
}
