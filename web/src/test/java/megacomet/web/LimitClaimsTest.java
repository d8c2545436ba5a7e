package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a token may say of its client's limits. */
class LimitClaimsTest {

    @Test
    void whatIsSaidOutranksTheOptionsAndWhatIsNotDoesNot() {
        LimitClaims claims = LimitClaims.of(Map.of("newTopics", 0, "maxTtlMs", 86_400_000L));
        BrowserLimits limits = BrowserLimits.DEFAULT.with(claims);
        assertEquals(0, limits.newTopics());
        assertEquals(86_400_000, limits.maxTtlMs());
        assertEquals(BrowserLimits.DEFAULT.publishRate(), limits.publishRate());
        assertEquals(BrowserLimits.DEFAULT, BrowserLimits.DEFAULT.with(LimitClaims.NONE));
        assertEquals(claims, LimitClaims.of(claims.toMap()));
    }

    @Test
    void aMisspeltOrImpossibleLimitIsRefusedWithWhatIsAllowed() {
        assertRefused("publishRate", Map.of("publishrate", 5));
        assertRefused("an integer from 1 to 1000000", Map.of("publishRate", 0));
        assertRefused("an integer from 1 to 604800000", Map.of("maxTtlMs", 604_800_001L));
        assertRefused("an integer", Map.of("newTopics", 1.5));
        assertRefused("an integer", Map.of("maxBytes", "4MiB"));
    }

    private static void assertRefused(String why, Map<String, Object> claim) {
        var refused = assertThrows(IllegalArgumentException.class, () -> LimitClaims.of(claim));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }
}
