package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class StandaloneMembershipIT extends MembershipContract {
    StandaloneMembershipIT() {
        super(RedisFixture.STANDALONE.options());
    }
}
