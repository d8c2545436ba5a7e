package megacomet.bayeux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import megacomet.loadtest.chaos.world.Ports;
import org.awaitility.Awaitility;

/**
 * Somebody else's server: a command that takes a port as its last word and says {@code ready} once it listens. What the
 * scenario says of those that others trust tells whether the scenario is right.
 */
final class ReferenceServer implements BayeuxServer {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final int port = Ports.free();
    private final List<String> command;
    private Process process;

    ReferenceServer(String command) throws IOException {
        this.command = new ArrayList<>(List.of(command.split(" ")));
        this.command.add(String.valueOf(port));
        start();
    }

    private void start() throws IOException {
        Path said = Files.createTempFile("reference-server", ".txt");
        said.toFile().deleteOnExit();
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        Awaitility.await()
                .atMost(START_TIMEOUT)
                .until(() -> Files.readString(said).contains("ready "));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void restart() throws IOException {
        process.destroy();
        process.onExit().join();
        start();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
