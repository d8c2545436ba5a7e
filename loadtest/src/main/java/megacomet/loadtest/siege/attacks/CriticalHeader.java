package megacomet.loadtest.siege.attacks;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;

/** A well-signed token whose header names an extension that must be understood (RFC 7515, section 4.1.11). */
final class CriticalHeader implements Attack {

    private static final int UNAUTHORIZED = 401;

    @Override
    public String name() {
        return "critical-header";
    }

    @Override
    public String description() {
        return "a well-signed token with an unknown \"crit\" extension: 401";
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        String signed = base64("{\"alg\":\"HS256\",\"crit\":[\"b\"],\"b\":1}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64("{\"sub\":\"crit\",\"exp\":4102444800}".getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(target.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String token = signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        Reply reply = Requests.once(
                target.gateway(), Requests.get("/v1/poll?timeoutMs=0", Credentials.bearer(token)), deadline);
        spoils.sent(token.length());
        spoils.ended(reply == null ? Outcome.CUT : reply.said());
        if (reply == null || reply.status() != UNAUTHORIZED) {
            spoils.gained("a token with an unknown critical extension was not refused");
        }
        return spoils.outcome();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
