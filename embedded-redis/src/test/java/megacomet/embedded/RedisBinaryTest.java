package megacomet.embedded;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisBinaryTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0",
                "Redis server v=7.2.4 sha=00000000:0",
                "Redis server v=8.0.0 sha=00000000:0",
                "Valkey server v=8.1.4 sha=00000000:0",
                "Redis server v=10.0.1 sha=00000000:0"
            })
    void theSystemsServerIsTakenIfItIsAsNewAsOurs(String said) {
        assertTrue(RedisBinary.isNewEnough(said));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Redis server v=6.2.20 sha=00000000:0", "Redis server v=7.0.14 sha=0", "", "command not found"})
    void anOlderServerOrNoneIsNotTaken(String said) {
        assertFalse(RedisBinary.isNewEnough(said));
    }
}
