package megacomet.bayeux;

import jakarta.websocket.ContainerProvider;
import jakarta.websocket.WebSocketContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.cometd.bayeux.Channel;
import org.cometd.bayeux.Message;
import org.cometd.bayeux.client.ClientSession.MessageListener;
import org.cometd.bayeux.client.ClientSessionChannel;
import org.cometd.client.BayeuxClient;
import org.cometd.client.ext.AckExtension;
import org.cometd.client.http.jetty.JettyHttpClientTransport;
import org.cometd.client.transport.ClientTransport;
import org.cometd.client.websocket.jakarta.WebSocketTransport;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;

/** CometD's Java client, with Jetty's HTTP client or WebSocket client. */
final class CometdJavaClient implements StockClient {

    private static final int GROUP = 8;

    private final String transport;
    private final boolean hasAck;
    private final ConcurrentLinkedQueue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final Map<String, ClientSessionChannel.MessageListener> subscriptions = new ConcurrentHashMap<>();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final HttpClient http = new HttpClient();
    private WebSocketContainer webSockets;
    private BayeuxClient client;

    CometdJavaClient(String transport, boolean hasAck) {
        this.transport = transport;
        this.hasAck = hasAck;
    }

    @Override
    public void start(String url) {
        client = new BayeuxClient(url, clientTransport());
        client.setOption(BayeuxClient.BACKOFF_INCREMENT_OPTION, 200L);
        client.setOption(BayeuxClient.MAX_BACKOFF_OPTION, 1_000L);
        if (hasAck) {
            client.addExtension(new AckExtension());
        }
        CompletableFuture<Message> connected = new CompletableFuture<>();
        client.getChannel(Channel.META_HANDSHAKE).addListener((ClientSessionChannel.MessageListener)
                (channel, reply) -> {
                    if (reply.isSuccessful()) {
                        handshakes.incrementAndGet();
                        // A new session has no subscriptions.
                        client.batch(() -> subscriptions.forEach(
                                (name, listener) -> client.getChannel(name).subscribe(listener)));
                    }
                });
        client.getChannel(Channel.META_CONNECT).addListener((ClientSessionChannel.MessageListener) (channel, reply) -> {
            if (reply.isSuccessful()) {
                connected.complete(reply);
            }
        });
        client.handshake();
        await("connect", connected, PATIENCE_MS);
    }

    private ClientTransport clientTransport() {
        try {
            http.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        if (transport.equals("websocket")) {
            webSockets = ContainerProvider.getWebSocketContainer();
            return new WebSocketTransport(null, null, webSockets);
        }
        return new JettyHttpClientTransport(null, http);
    }

    @Override
    public String transport() {
        return client.getTransport().getName();
    }

    @Override
    public int handshakes() {
        return handshakes.get();
    }

    @Override
    public void subscribe(String channel) {
        ClientSessionChannel.MessageListener listener = (from, message) ->
                heard.add(new Heard(channel, message.getChannel(), String.valueOf(message.getData())));
        subscriptions.put(channel, listener);
        reply("subscribe", answered -> client.getChannel(channel).subscribe(listener, answered));
    }

    @Override
    public void unsubscribe(String channel) {
        ClientSessionChannel.MessageListener listener = subscriptions.remove(channel);
        reply("unsubscribe", answered -> client.getChannel(channel).unsubscribe(listener, answered));
    }

    @Override
    public void publish(String channel, int number) {
        await("publish", published(channel, number), PATIENCE_MS);
    }

    @Override
    public boolean tryToPublish(String channel, int number, long timeoutMs) {
        try {
            await("publish", published(channel, number), timeoutMs);
            return true;
        } catch (AssertionError refusedOrLate) {
            return false;
        }
    }

    private CompletableFuture<Message> published(String channel, int number) {
        CompletableFuture<Message> answered = new CompletableFuture<>();
        client.getChannel(channel).publish(number, answered::complete);
        return answered;
    }

    @Override
    public void batch(String channel, List<Integer> numbers) {
        List<CompletableFuture<Message>> all = new ArrayList<>();
        client.batch(() -> numbers.forEach(number -> all.add(published(channel, number))));
        all.forEach(answered -> await("publish", answered, PATIENCE_MS));
    }

    @Override
    public void publishAll(String channel, int from, int to) {
        for (int first = from; first < to; first += GROUP) {
            List<Integer> numbers = new ArrayList<>();
            for (int number = first; number < Math.min(to, first + GROUP); number++) {
                numbers.add(number);
            }
            batch(channel, numbers);
        }
    }

    @Override
    public void disconnect() {
        reply("disconnect", client::disconnect);
    }

    @Override
    public List<Heard> heard() {
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        if (client != null) {
            client.abort();
        }
        LifeCycle.stop(http);
        if (webSockets != null) {
            LifeCycle.stop(webSockets);
        }
    }

    private static void reply(String verb, Consumer<MessageListener> ask) {
        CompletableFuture<Message> answered = new CompletableFuture<>();
        ask.accept(answered::complete);
        await(verb, answered, PATIENCE_MS);
    }

    private static void await(String verb, CompletableFuture<Message> answered, long timeoutMs) {
        try {
            Message reply = answered.get(timeoutMs, TimeUnit.MILLISECONDS);
            if (!reply.isSuccessful()) {
                throw new AssertionError(verb + ": " + reply);
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError(verb + ": no reply", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
