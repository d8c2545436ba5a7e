package megacomet.redis;

import megacomet.redis.fixture.RedisFixture;

class StandaloneMailboxesIT extends MailboxesContract {
    StandaloneMailboxesIT() {
        super(RedisFixture.STANDALONE.options());
    }
}
