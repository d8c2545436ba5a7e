package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class ClusterTopicsIT extends TopicsContract {
    ClusterTopicsIT() {
        super(RedisFixture.CLUSTER.options());
    }
}
