package megacomet.bayeux;

import java.util.ArrayList;
import java.util.List;

/** A stock client in JavaScript. */
final class ScriptedClient implements StockClient {

    private final Script script;
    private final List<Heard> heard = new ArrayList<>();

    ScriptedClient(Script script) {
        this.script = script;
    }

    @Override
    public void start(String url) {
        run("start", url);
    }

    @Override
    public String transport() {
        return script.run("transport", List.of(), PATIENCE_MS).asText();
    }

    @Override
    public int handshakes() {
        return script.run("handshakes", List.of(), PATIENCE_MS).asInt();
    }

    @Override
    public void subscribe(String channel) {
        run("subscribe", channel);
    }

    @Override
    public void unsubscribe(String channel) {
        run("unsubscribe", channel);
    }

    @Override
    public void publish(String channel, int number) {
        run("publish", channel, number);
    }

    @Override
    public boolean tryToPublish(String channel, int number, long timeoutMs) {
        try {
            script.run("publish", List.of(channel, number), timeoutMs);
            return true;
        } catch (AssertionError refusedOrLate) {
            return false;
        }
    }

    @Override
    public void batch(String channel, List<Integer> numbers) {
        run("batch", numbers.stream().map(number -> List.of(channel, number)).toList());
    }

    @Override
    public void publishAll(String channel, int from, int to) {
        run("publishAll", channel, from, to);
    }

    @Override
    public void disconnect() {
        run("disconnect");
    }

    @Override
    public List<Heard> heard() {
        heard.addAll(script.takeHeard());
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        script.close();
    }

    private void run(String verb, Object... arguments) {
        script.run(verb, List.of(arguments), PATIENCE_MS);
    }
}
