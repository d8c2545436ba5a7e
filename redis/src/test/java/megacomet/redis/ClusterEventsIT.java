package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class ClusterEventsIT extends EventsContract {
    ClusterEventsIT() {
        super(RedisFixture.CLUSTER.options());
    }
}
