package megacomet.loadtest.siege.attacks;

import java.nio.charset.StandardCharsets;
import megacomet.loadtest.dialect.Tokens;
import megacomet.loadtest.siege.attacker.Besieged;

/** What the application gives to people, of whom some are attackers. */
final class Credentials {

    private static final long VALID_S = 3_600;

    private Credentials() {}

    /** A token of a client, with further claims as JSON members, or none of them (""). */
    static String token(Besieged target, String client, String claims) {
        return token(target, client, claims, VALID_S);
    }

    /** @param validS for how long from now; negative if it has expired */
    static String token(Besieged target, String client, String claims, long validS) {
        long expS = System.currentTimeMillis() / 1_000 + validS;
        return new Tokens(target.secret().getBytes(StandardCharsets.UTF_8))
                .signed("{\"sub\":\"" + client + "\",\"exp\":" + expS + (claims.isEmpty() ? "" : "," + claims) + "}");
    }

    /** The header with a token or key in it. */
    static String bearer(String credential) {
        return "Authorization: Bearer " + credential;
    }
}
