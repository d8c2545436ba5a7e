package megacomet.publisher;

import megacomet.redis.TopicRules;
import megacomet.web.ApiKeys;
import megacomet.web.Listen;
import megacomet.web.Origins;
import megacomet.web.Rate;

/**
 * How the application's side is served.
 *
 * @param listen where
 * @param instances how many verticles
 * @param keys who may use it
 * @param isOpen whether it asks for no key, and therefore answers only to loopback names
 * @param origins whose pages may use it; none but for the demo
 * @param limits of what may be published
 * @param topics what is kept of topics
 * @param publishRate how many messages each API key may publish at a time, or null for no limit
 * @param webhook where events are posted, or null
 */
public record PublisherOptions(
        Listen listen,
        int instances,
        ApiKeys keys,
        boolean isOpen,
        Origins origins,
        PublishLimits limits,
        TopicRules topics,
        Rate publishRate,
        WebhookOptions webhook) {}
