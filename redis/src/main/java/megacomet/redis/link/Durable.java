package megacomet.redis.link;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;

/**
 * What becomes of a script whose writes a replica must have too.
 *
 * @param reply the script's, as of any other; what it wrote is on the master then
 * @param isReplicated completes after that: whether a replica is known to have it
 */
public record Durable(Future<Response> reply, Future<Boolean> isReplicated) {}
