package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class StandaloneTopicsIT extends TopicsContract {
    StandaloneTopicsIT() {
        super(RedisFixture.STANDALONE.options());
    }
}
