package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class StandaloneEventsIT extends EventsContract {
    StandaloneEventsIT() {
        super(RedisFixture.STANDALONE.options());
    }
}
