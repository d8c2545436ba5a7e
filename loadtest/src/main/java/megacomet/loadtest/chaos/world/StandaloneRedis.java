package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import megacomet.embedded.RedisServer;

/** One server. */
final class StandaloneRedis implements Redis {

    private final RedisServer server;

    /** @param environment further variables in the environment of the server */
    StandaloneRedis(Map<String, String> environment) throws IOException {
        server = RedisServer.start(environment, OPTIONS);
    }

    @Override
    public String url() {
        return server.url();
    }

    @Override
    public List<RedisServer> servers() {
        return List.of(server);
    }

    @Override
    public boolean isWhole() throws IOException {
        return Redis.says(server, "PONG", "PING");
    }

    @Override
    public String failOver(boolean byKilling, int which) {
        throw new IllegalStateException("a single server has no replica");
    }

    @Override
    public void close() {
        server.close();
    }
}
