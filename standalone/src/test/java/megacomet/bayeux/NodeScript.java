package megacomet.bayeux;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A Node process with one client in it, since CometD's shares its cookies with all others of a process. */
final class NodeScript implements Script {

    static final Path CLIENTS = Path.of("src", "test", "clients");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How much longer than the script itself the test waits for the script's answer. */
    private static final long SPARE_MS = 5_000;

    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final Process process;
    private final OutputStream input;
    private int questions;

    private NodeScript(Process process) {
        this.process = process;
        this.input = process.getOutputStream();
    }

    /** Starts a client of that library, as {@code node.mjs} names it, on that transport. */
    static NodeScript start(String library, String transport, boolean hasAck) {
        if (!Files.isDirectory(CLIENTS.resolve("node_modules"))) {
            throw new AssertionError("the stock clients are not installed: scripts/test-tools brings them");
        }
        List<String> command = new ArrayList<>(List.of("node", "node.mjs", library, transport));
        if (hasAck) {
            command.add("ack");
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(CLIENTS.toFile());
        // Faye would go through a proxy that the environment names, also to this machine.
        builder.environment().keySet().removeIf(name -> name.toLowerCase().endsWith("_proxy"));
        try {
            NodeScript script = new NodeScript(
                    builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
            Thread reader = new Thread(script::read, "node " + library + " " + transport);
            reader.setDaemon(true);
            reader.start();
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException("there is no node: scripts/test-tools brings it", e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode said = JSON.readTree(line);
                JsonNode message = said.path("heard");
                if (message.isArray()) {
                    heard.add(new Heard(
                            message.get(0).asText(),
                            message.get(1).asText(),
                            message.get(2).toString()));
                } else {
                    answered(said);
                }
            }
        } catch (IOException e) {
            asked.values().forEach(answer -> answer.completeExceptionally(e));
        }
        IOException ended = new IOException("the node process ended");
        asked.values().forEach(answer -> answer.completeExceptionally(ended));
    }

    private void answered(JsonNode said) {
        CompletableFuture<JsonNode> answer = asked.remove(said.get("answer").asInt());
        if (said.has("error")) {
            answer.completeExceptionally(new IOException(said.get("error").asText()));
        } else {
            answer.complete(said.path("value"));
        }
    }

    @Override
    public JsonNode run(String verb, List<?> arguments, long timeoutMs) {
        int question = ++questions;
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(question, answer);
        try {
            input.write(JSON.writeValueAsBytes(List.of(question, verb, arguments, timeoutMs)));
            input.write('\n');
            input.flush();
            return answer.get(timeoutMs + SPARE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(
                    verb + " " + arguments + ": " + e.getCause().getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException | TimeoutException e) {
            throw new AssertionError(verb + " " + arguments + ": the process says nothing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Heard> takeHeard() {
        List<Heard> taken = new ArrayList<>();
        heard.drainTo(taken);
        return taken;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
