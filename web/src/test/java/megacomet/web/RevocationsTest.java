package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RevocationsTest {

    private final Revocations revocations = new Revocations();

    @Test
    void whatWasIssuedBeforeIsRevokedAndTheLatestRevocationCounts() {
        assertTrue(revocations.add("42", 1_000, 9_000));
        assertTrue(revocations.add("42", 2_000, 9_000));
        assertFalse(revocations.add("42", 1_500, 9_000), "an older one is no news");
        assertTrue(revocations.isRevoked("42", 1_999));
        assertFalse(revocations.isRevoked("42", 2_000));
        assertFalse(revocations.isRevoked("43", 0));
    }

    @Test
    void aRevocationIsForgottenWhenNoTokenOfItCanBeAlive() {
        revocations.add("42", 1_000, 9_000);
        revocations.add("43", 1_000, 9_001);
        revocations.forgetOver(9_000);
        assertFalse(revocations.isRevoked("42", 0));
        assertTrue(revocations.isRevoked("43", 0));
        assertEquals(1, revocations.size());
    }
}
