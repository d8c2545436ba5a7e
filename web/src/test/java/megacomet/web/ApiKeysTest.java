package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import megacomet.web.ApiKeys.Scope;
import megacomet.web.fixture.FakeRequest;
import megacomet.web.fixture.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose keys open what, and what is said of a file that is wrong. */
class ApiKeysTest {

    @TempDir
    Path folder;

    private ApiKeys read(String content) throws IOException {
        return ApiKeys.read(Files.writeString(folder.resolve("keys"), content));
    }

    private static String hash(String key) {
        return HexFormat.of().formatHex(Fingerprint.of(key));
    }

    private static void demand(ApiKeys keys, String authorization, Scope scope) {
        FakeRequest request = new FakeRequest();
        keys.demand(
                (authorization == null ? request : request.header("authorization", authorization)).request(), scope);
    }

    @Test
    void aKeyOpensWhatItsScopesSayAndNothingElse() throws IOException {
        ApiKeys keys = read("# names, hashes, scopes\n\n"
                + "shop\t" + hash("shop-key") + "  publish,READ\n"
                + "  admin " + hash("admin-key").toUpperCase(java.util.Locale.ROOT) + " manage\r\n");
        demand(keys, "Bearer shop-key", Scope.PUBLISH);
        demand(keys, "bearer  shop-key ", Scope.READ);
        demand(keys, "Bearer admin-key", Scope.MANAGE);
        Refused.with(ErrorCode.SCOPE_MISSING, () -> demand(keys, "Bearer shop-key", Scope.MANAGE));
        Refused.with(ErrorCode.SCOPE_MISSING, () -> demand(keys, "Bearer admin-key", Scope.PUBLISH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic c2hvcDprZXk=", "shop-key", "Bearershop-key"})
    void whatIsNoBearerKeyIsAMissingOne(String authorization) throws IOException {
        ApiKeys keys = read("shop " + hash("shop-key") + " publish");
        Refused.with(ErrorCode.API_KEY_MISSING, () -> demand(keys, authorization, Scope.PUBLISH));
        Refused.with(ErrorCode.API_KEY_MISSING, () -> demand(keys, null, Scope.PUBLISH));
    }

    @Test
    void anotherKeyAndTheHashItselfAreRefusedAndNotRepeated() throws IOException {
        ApiKeys keys = read("shop " + hash("shop-key") + " publish");
        for (String wrong : new String[] {"shop-kez", "shop-key2", "shop-ke", hash("shop-key"), "shop", "SHOP-KEY"}) {
            Problem problem =
                    Refused.with(ErrorCode.API_KEY_INVALID, () -> demand(keys, "Bearer " + wrong, Scope.PUBLISH));
            assertFalse(problem.json().toString().contains(wrong));
        }
    }

    @Test
    void anOpenServerAsksForNoKey() {
        demand(ApiKeys.open(), null, Scope.MANAGE);
    }

    @Test
    void aFileWithoutAKeyIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> read("# nobody\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop",
                "shop hunter2",
                "shop hunter2 publish",
                "shop HASH",
                "shop HASH everything",
                "shop HASH publish,",
                "shop HASH ,",
                "shop HASH publish, read",
                "shop HASH0 publish",
                "shop zHASH publish",
                "hunter2 HASH hunter2"
            })
    void aLineThatIsWrongIsNamedByItsNumberAndNotRepeated(String line) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> read("# one\n" + line.replace("HASH", hash("key")) + "\n"));
        assertTrue(refused.getMessage().startsWith("keys, line 2: "), refused.getMessage());
        assertFalse(refused.getMessage().contains("hunter2"), refused.getMessage());
        assertFalse(refused.getMessage().contains(hash("key")), refused.getMessage());
    }
}
