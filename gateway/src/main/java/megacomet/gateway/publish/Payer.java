package megacomet.gateway.publish;

import megacomet.web.LimitClaims;

/**
 * Whose limits something in Redis counts against.
 *
 * @param account whose they are: a token's subject; of an anonymous client the id that it has, or that it gave itself
 * @param author to whom the ids of its messages belong: a client id
 * @param isAnonymous whether nobody vouches for the account: whoever wants a new one has it. Then the limits of all anonymous
 *     clients together hold, too
 * @param limits what its token says of its limits
 */
public record Payer(String account, String author, boolean isAnonymous, LimitClaims limits) {}
