package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class ClusterMailboxesIT extends MailboxesContract {
    ClusterMailboxesIT() {
        super(RedisFixture.CLUSTER.options());
    }
}
