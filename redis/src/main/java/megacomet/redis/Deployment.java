package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.redis.link.Address;
import megacomet.redis.link.Masters;
import megacomet.redis.link.ServerBuild;
import megacomet.redis.link.Topology;

/**
 * Whether this process fits the Redis that it was given: a new enough server, which never evicts, with the same format and
 * number of partitions as every other process of the deployment. The first process to come writes the latter two down.
 */
final class Deployment {

    /** The version of keys, envelopes, states and wakes. */
    static final int FORMAT = 2;

    private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.");
    private static final Pattern POLICY = Pattern.compile("maxmemory_policy:(\\S+)");
    private static final int OLDEST_REDIS = 7;

    private Deployment() {}

    /**
     * Checks one master and the deployment's record. Fails with {@link Misfit} if the process must not go on, with another
     * exception if Redis could not be asked.
     */
    static Future<Void> check(Masters masters, Topology topology, Keys keys) {
        return master(topology, keys).compose(master -> check(masters, master, keys));
    }

    /** Returns which server the deployment's record is on. */
    static Future<Optional<ServerBuild>> build(Masters masters, Topology topology, Keys keys) {
        return master(topology, keys)
                .compose(master ->
                        masters.sendTo(master, Request.cmd(Command.INFO).arg("server")))
                .map(info -> ServerBuild.parse(info.toString()));
    }

    private static Future<Address> master(Topology topology, Keys keys) {
        Address known = topology.map().masterOf(keys.deploymentSlot());
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return topology.refresh().compose(asked -> {
            Address found = topology.map().masterOf(keys.deploymentSlot());
            return found == null
                    ? Future.failedFuture(new IllegalStateException("no Redis master is known"))
                    : Future.succeededFuture(found);
        });
    }

    private static Future<Void> check(Masters masters, Address master, Keys keys) {
        String mine = "format " + FORMAT + ", partitions " + keys.partitions().count();
        return masters.sendTo(master, Request.cmd(Command.INFO).arg("everything"))
                .compose(info -> {
                    checkServer(info.toString());
                    Request write = Request.cmd(Command.SET)
                            .arg(keys.deployment())
                            .arg(mine)
                            .arg("NX");
                    return masters.sendTo(master, write);
                })
                .compose(written ->
                        masters.sendTo(master, Request.cmd(Command.GET).arg(keys.deployment())))
                .compose(theirs -> theirs.toString().equals(mine)
                        ? Future.succeededFuture()
                        : Future.failedFuture(new Misfit("this Redis belongs to a deployment with " + theirs
                                + "; this process is set to " + mine)));
    }

    private static void checkServer(String info) {
        Matcher version = VERSION.matcher(info);
        if (!version.find() || Integer.parseInt(version.group(1)) < OLDEST_REDIS) {
            throw new Misfit("Redis " + OLDEST_REDIS + ".0 or newer is needed");
        }
        Matcher policy = POLICY.matcher(info);
        if (policy.find() && !policy.group(1).equals("noeviction")) {
            throw new Misfit("Redis must have maxmemory-policy noeviction, it has " + policy.group(1)
                    + ": it would throw messages away in silence");
        }
    }
}
