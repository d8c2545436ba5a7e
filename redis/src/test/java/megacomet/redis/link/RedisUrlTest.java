package megacomet.redis.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

    @Test
    void standalone() {
        RedisUrl url = RedisUrl.parse("rediss://me:p%40ss%2B%3A+x@cache.example:7000/3");
        assertEquals(RedisUrl.Shape.STANDALONE, url.shape());
        assertTrue(url.tls());
        assertEquals("me", url.user());
        assertEquals("p@ss+:+x", url.password());
        assertEquals(List.of(new Address("cache.example", 7000)), url.addresses());
        assertEquals(3, url.database());
    }

    @Test
    void sentinel() {
        RedisUrl url = RedisUrl.parse("redis+sentinel://:secret@a,b:1,[::1]:2/mymaster");
        assertEquals(RedisUrl.Shape.SENTINEL, url.shape());
        assertEquals(List.of(new Address("a", 26379), new Address("b", 1), new Address("::1", 2)), url.addresses());
        assertEquals("mymaster", url.masterName());
        assertEquals(null, url.user());
        assertEquals("secret", url.password());
    }

    @Test
    void cluster() {
        RedisUrl url = RedisUrl.parse("redis+cluster://a,b:1");
        assertEquals(RedisUrl.Shape.CLUSTER, url.shape());
        assertEquals(List.of(new Address("a", 6379), new Address("b", 1)), url.addresses());
    }

    @Test
    void isShownWithoutItsPassword() {
        assertEquals(
                "redis+sentinel://…@a:1/m",
                RedisUrl.parse("redis+sentinel://u:secret@a:1/m").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "http://localhost",
                "redis://",
                "redis://a,b",
                "redis://a:99999",
                "redis://a:0",
                "redis://a/x",
                "redis://a?x=1",
                "redis+sentinel://a",
                "redis+cluster://a/1",
                "redis://u:secret@",
                "redis://secret@a:b:c",
                "redis+cluster://a,,b"
            })
    void anythingElseIsRefusedInASentenceWithoutThePassword(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> RedisUrl.parse(text))
                .getMessage();
        assertFalse(message.contains("secret"), message);
    }
}
