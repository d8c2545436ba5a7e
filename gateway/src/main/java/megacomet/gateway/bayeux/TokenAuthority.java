package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import megacomet.model.ClientId;
import megacomet.web.Problem;
import megacomet.web.Tokens;

/** The gateway's own tokens decide, which stand in {@code ext.token}. An open server asks for none. */
final class TokenAuthority implements Authority {

    private final Tokens tokens;

    TokenAuthority(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Future<Visitor> ofHandshake(BayeuxMessage handshake, String address) {
        return ofMessage(handshake);
    }

    @Override
    public Future<Visitor> ofMessage(BayeuxMessage message) {
        if (tokens.isOpen()) {
            return Future.succeededFuture(Visitor.ANYBODY);
        }
        JsonNode token = message.extension("token");
        try {
            Tokens.Claims claims = tokens.check(token.isTextual() ? token.asText() : null);
            return Future.succeededFuture(new Visitor(
                    ClientId.given(claims.subject()).value(),
                    claims.topics(),
                    claims.publish(),
                    claims.expiryMs(),
                    claims.issuedMs(),
                    claims.mayAskStatus(),
                    null,
                    claims.limits()));
        } catch (Problem | IllegalArgumentException refused) {
            return Future.succeededFuture();
        }
    }
}
