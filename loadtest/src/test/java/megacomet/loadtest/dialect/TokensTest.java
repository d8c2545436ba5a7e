package megacomet.loadtest.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class TokensTest {

    private static final byte[] SECRET = "01234567890123456789012345678901".getBytes(StandardCharsets.US_ASCII);

    @Test
    void aTokenSaysWhoItIsAndIsSigned() throws GeneralSecurityException {
        String[] parts = new Tokens(SECRET).of("c-1", "news").split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.US_ASCII);
        assertTrue(claims.startsWith("{\"sub\":\"c-1\",\"topics\":[\"news\"],\"exp\":"), claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        byte[] signature = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertEquals(Base64.getUrlEncoder().withoutPadding().encodeToString(signature), parts[2]);
    }
}
