package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class ClusterMembershipIT extends MembershipContract {
    ClusterMembershipIT() {
        super(RedisFixture.CLUSTER.options());
    }
}
