package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Everything that a run starts: a Redis, and gateways and publishers on it. Nothing of it outlives {@link #close} or this process. */
public final class World implements AutoCloseable {

    private final Path folder;
    private final Shape shape;
    private final Plan plan;
    private final Redis redis;
    private final Programs programs;
    private final List<Server> gateways = new ArrayList<>();
    private final List<Server> publishers = new ArrayList<>();
    private final List<Server> further = new ArrayList<>();
    private final Map<Server, Cable> cables = new HashMap<>();

    /**
     * What a run needs.
     *
     * @param redisClockS by how much the clock of one Redis master, and of its replica, is ahead; negative if it is behind
     * @param classPathFirst what stands before the product's own class path, or null
     * @param launch how gateways and publishers are started
     */
    public record Plan(
            Shape shape,
            int redisClockS,
            int gateways,
            int publishers,
            Times times,
            Path classPathFirst,
            Launch launch) {

        /** Servers that let everybody in. */
        public Plan(Shape shape, int redisClockS, int gateways, int publishers, Times times, Path classPathFirst) {
            this(shape, redisClockS, gateways, publishers, times, classPathFirst, Launch.OPEN);
        }
    }

    /**
     * How long gateways wait, and have browsers wait.
     *
     * @param lingerMs how long they take a client for there that is between two polls
     * @param heartbeatMs after how long without a word a stream gets a sign of life
     * @param bayeuxTimeoutMs how long a Bayeux connect is held
     * @param bayeuxMaxIntervalMs how long beyond that a Bayeux session lives without a sign of life
     */
    public record Times(long lingerMs, long heartbeatMs, long bayeuxTimeoutMs, long bayeuxMaxIntervalMs) {}

    /** Starts all of it and waits until it is ready. */
    public static World start(Plan plan) throws IOException, InterruptedException {
        Map<String, String> clock = plan.redisClockS() == 0 ? Map.of() : WrongClock.ahead(plan.redisClockS());
        Redis redis = switch (plan.shape()) {
            case STANDALONE -> new StandaloneRedis(clock);
            case SENTINEL -> new SentinelRedis(clock);
            case CLUSTER -> new ClusterRedis(clock);
        };
        World world = new World(plan, redis);
        try {
            for (Server server : world.servers()) {
                server.start();
            }
            for (Server server : world.servers()) {
                server.awaitReady();
            }
            return world;
        } catch (IOException | InterruptedException | RuntimeException e) {
            world.close();
            throw e;
        }
    }

    private World(Plan plan, Redis redis) throws IOException {
        this.redis = redis;
        this.plan = plan;
        shape = plan.shape();
        folder = Files.createTempDirectory("megacomet-chaos");
        programs = new Programs(plan.classPathFirst(), plan.launch());
        for (int i = 0; i < plan.gateways(); i++) {
            gateways.add(node("gateway-" + i, "--port", url -> programs.gateway(url, plan.times())));
        }
        for (int i = 0; i < plan.publishers(); i++) {
            publishers.add(node("publisher-" + i, "--publish-port", programs::publisher));
        }
    }

    /** With a cable, if it is one server's address that the node is given. */
    private Server node(String name, String portOption, Function<String, List<String>> command) throws IOException {
        if (shape != Shape.STANDALONE || !plan.launch().isCutOffAtTimes()) {
            return new Server(name, command.apply(redis.url()), portOption, folder);
        }
        Cable cable = new Cable(redis.servers().get(0).port());
        Server node = new Server(name, command.apply(cable.url()), portOption, folder);
        cables.put(node, cable);
        return node;
    }

    /**
     * Starts a further gateway, which is not among {@link #gateways}, and waits until it is ready.
     *
     * @param options its own, in place of those that the plan has for gateways
     */
    public Server startFurtherGateway(String name, List<String> options) throws IOException, InterruptedException {
        Server server = new Server(name, programs.gateway(redis.url(), plan.times(), options), "--port", folder);
        further.add(server);
        server.start();
        server.awaitReady();
        return server;
    }

    /** Where files of this run may be; they are removed with it. */
    public Path folder() {
        return folder;
    }

    public Shape shape() {
        return shape;
    }

    public Redis redis() {
        return redis;
    }

    public List<Server> gateways() {
        return List.copyOf(gateways);
    }

    public List<Server> publishers() {
        return List.copyOf(publishers);
    }

    public List<Server> servers() {
        List<Server> all = new ArrayList<>(gateways);
        all.addAll(publishers);
        return all;
    }

    /** What a node and a single Redis are connected by. */
    public Cable cableOf(Server node) {
        return cables.get(node);
    }

    public Programs programs() {
        return programs;
    }

    /** Ends all, at once. */
    @Override
    public void close() {
        servers().forEach(Server::close);
        further.forEach(Server::close);
        cables.values().forEach(Cable::close);
        redis.close();
        try {
            for (Server server : servers()) {
                server.awaitEnd();
            }
            for (Server server : further) {
                server.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // They end all the same.
        }
        remove(folder);
    }

    private static void remove(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException leftInTheTemporaryFolder) {
            // The operating system clears its temporary folder.
        }
    }
}
