package megacomet.publisher;

import java.util.Set;
import megacomet.web.ApiKeys;
import megacomet.web.Listen;
import megacomet.web.TrustedProxies;

/**
 * How the application's side is served.
 *
 * @param listen where
 * @param instances how many verticles
 * @param keys who may use it
 * @param isOpen whether it asks for no key, and therefore answers only to loopback names
 * @param origins whose pages may use it; none but for the demo
 * @param proxies whose word about the caller is taken
 * @param limits of what may be published
 */
public record PublisherOptions(
        Listen listen,
        int instances,
        ApiKeys keys,
        boolean isOpen,
        Set<String> origins,
        TrustedProxies proxies,
        PublishLimits limits) {}
