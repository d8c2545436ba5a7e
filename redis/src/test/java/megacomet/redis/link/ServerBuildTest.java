package megacomet.redis.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerBuildTest {

    @ParameterizedTest
    @CsvSource({
        "redis_version:7.2.16, Redis 7.2.16",
        "redis_version:8.10.1, Redis 8.10.1",
        "redis_version:9.0.0, Redis 9.0.0",
        "'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.7', Valkey 8.1.7"
    })
    void aPatchedBuildIsNoConcern(String info, String name) {
        ServerBuild build = ServerBuild.parse(info).orElseThrow();
        assertEquals(name, build.toString());
        assertTrue(build.concern().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "redis_version:7.0.15, not patched by its makers",
        "redis_version:7.2.15, 7.2.16 has them closed",
        "redis_version:8.0.6, not patched by its makers",
        "'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.0.4', 9.0.5 has them closed"
    })
    void aBuildWithKnownHolesIsNamedWithWhatClosesThem(String info, String said) {
        String concern = ServerBuild.parse(info).orElseThrow().concern().orElseThrow();
        assertTrue(concern.contains(said), concern);
    }

    @Test
    void anAnswerWithoutAVersionIsNoBuild() {
        assertTrue(ServerBuild.parse("role:master").isEmpty());
    }
}
