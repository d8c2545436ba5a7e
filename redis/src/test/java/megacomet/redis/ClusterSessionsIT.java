package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class ClusterSessionsIT extends SessionsContract {
    ClusterSessionsIT() {
        super(RedisFixture.CLUSTER.options());
    }
}
