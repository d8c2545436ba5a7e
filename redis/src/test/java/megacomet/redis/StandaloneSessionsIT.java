package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class StandaloneSessionsIT extends SessionsContract {
    StandaloneSessionsIT() {
        super(RedisFixture.STANDALONE.options());
    }
}
