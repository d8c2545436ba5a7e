package megacomet.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * Every metric of ours: its name, unit, labels and meaning. Prometheus sees dots as underscores, counters with
 * {@code _total}, and timers in seconds.
 */
public final class Meters {

    private static final Duration[] LATENCY_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(60)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Makes a registry that also watches the JVM. */
    @SuppressWarnings("resource") // It watches for as long as the process lives.
    public Meters() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    /** Returns everything in Prometheus's text format. */
    public String scrape() {
        return registry.scrape();
    }

    // ---- the gateway

    /** megacomet.holds: browsers that wait now. */
    public <T> void holds(T source, ToDoubleFunction<T> value) {
        gauge("megacomet.holds", "Browsers that wait now", source, value);
    }

    /** megacomet.seats: clients that the node knows now, those with a hold and those that linger. */
    public <T> void seats(T source, ToDoubleFunction<T> value) {
        gauge("megacomet.seats", "Clients that the node knows now", source, value);
    }

    /** megacomet.connections: open connections from browsers. */
    public <T> void connections(T source, ToDoubleFunction<T> value) {
        gauge("megacomet.connections", "Open connections from browsers", source, value);
    }

    /** megacomet.hearing: 1 if wakes of every partition are heard, else 0. */
    public <T> void hearing(T source, ToDoubleFunction<T> value) {
        gauge("megacomet.hearing", "1 if wakes of every partition are heard", source, value);
    }

    /** megacomet.polls{transport, outcome}: holds that ended, by {@code EndReason}. */
    public Counter polls(String transport, String outcome) {
        return Counter.builder("megacomet.polls")
                .description("Holds that ended, by how")
                .tag("transport", transport)
                .tag("outcome", outcome)
                .register(registry);
    }

    /** megacomet.polls.local: polls that needed no answer from Redis. */
    public Counter pollsLocal() {
        return counter("megacomet.polls.local", "Polls that needed no answer from Redis");
    }

    /** megacomet.deliveries{transport}: messages written to browsers. */
    public Counter deliveries(String transport) {
        return Counter.builder("megacomet.deliveries")
                .description("Messages written to browsers")
                .tag("transport", transport)
                .register(registry);
    }

    /** megacomet.delivery.latency: from when Redis took a message to when it was written to the browser. */
    public Timer deliveryLatency() {
        return timer("megacomet.delivery.latency", "From when Redis took a message to its writing to the browser");
    }

    /** megacomet.wake.latency: from when Redis took a message to when the event loop that holds its client knew. */
    public Timer wakeLatency() {
        return timer("megacomet.wake.latency", "From when Redis took a message to when the client's event loop knew");
    }

    /** megacomet.gaps{reason}: gaps that clients were told of. */
    public Counter gaps(String reason) {
        return Counter.builder("megacomet.gaps")
                .description("Gaps that clients were told of")
                .tag("reason", reason)
                .register(registry);
    }

    /** megacomet.dropped: relayed messages that were not sent to clients that read too slowly. */
    public Counter dropped() {
        return counter("megacomet.dropped", "Relayed messages that clients read too slowly to get");
    }

    /** megacomet.loop.lag: how much later than asked for an event loop's tick came. */
    public Timer loopLag() {
        return timer("megacomet.loop.lag", "How much later than asked for an event loop's tick came");
    }

    // ---- the publisher API

    /** megacomet.publishes{outcome}: messages to one client each, by what became of them. */
    public Counter publishes(String outcome) {
        return Counter.builder("megacomet.publishes")
                .description("Messages to one client each, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** megacomet.bayeux.handshakes.refused: handshakes beyond the rate of their client, or of all who are anonymous. */
    public Counter handshakesRefused() {
        return Counter.builder("megacomet.bayeux.handshakes.refused")
                .description("Bayeux handshakes beyond the rate of their client, or of all anonymous clients")
                .register(registry);
    }

    /** megacomet.publish.bytes: the size of messages' data. */
    public DistributionSummary publishBytes() {
        return DistributionSummary.builder("megacomet.publish.bytes")
                .description("The size of messages' data")
                .baseUnit("bytes")
                .register(registry);
    }

    /** megacomet.webhook.posts{outcome}: requests to the webhook: done, or why not. */
    public Counter webhookPosts(String outcome) {
        return Counter.builder("megacomet.webhook.posts")
                .description("Requests to the webhook, by how they ended")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** megacomet.webhook.lag: how long ago what the webhook has not taken yet happened, in seconds; 0 if it has all. */
    public <T> void webhookLag(T source, ToDoubleFunction<T> value) {
        gauge("megacomet.webhook.lag", "Age of the oldest event that the webhook has not taken, in s", source, value);
    }

    /** megacomet.browser.publish.waiting: bytes of messages of browsers that Redis has not answered for. */
    public <T> void browserPublishesWaiting(T source, ToDoubleFunction<T> value) {
        gauge("megacomet.browser.publish.waiting", "Bytes of browsers' messages that wait for Redis", source, value);
    }

    /** megacomet.event.readers: applications that read the stream of events here now. */
    public <T> void eventReaders(T source, ToDoubleFunction<T> value) {
        gauge("megacomet.event.readers", "Applications that read the stream of events", source, value);
    }

    // ---- both

    /**
     * megacomet.port.connections{port}: open connections of a port, from when they are accepted. Each event loop that listens
     * there may say so; the first is heard.
     */
    public <T> void portConnections(String port, T source, ToDoubleFunction<T> value) {
        boolean isKnown =
                registry.find("megacomet.port.connections").tag("port", port).gauge() != null;
        if (isKnown) {
            return;
        }
        Gauge.builder("megacomet.port.connections", source, value)
                .description("Open connections of a port")
                .tag("port", port)
                .strongReference(true)
                .register(registry);
    }

    /** megacomet.connections.cut{reason}: connections that the process closed because of how their peers behaved. */
    public Counter connectionsCut(String reason) {
        return Counter.builder("megacomet.connections.cut")
                .description("Connections closed because of how their peers behaved")
                .tag("reason", reason)
                .register(registry);
    }

    /** megacomet.refused{code}: what was refused on any port, by the code that was answered; those of Bayeux are {@code bayeux_403}. */
    public Counter refused(String code) {
        return Counter.builder("megacomet.refused")
                .description("What was refused, by the code that was answered")
                .tag("code", code)
                .register(registry);
    }

    /** megacomet.unsent.bytes: bytes that were written to connections and that their peers have not taken. */
    public <T> void unsentBytes(T source, ToDoubleFunction<T> value) {
        gauge("megacomet.unsent.bytes", "Bytes written that peers have not taken", source, value);
    }

    /** megacomet.direct.memory.used.bytes, megacomet.direct.memory.max.bytes: memory beside the heap, and how much may be. */
    public <T> void directMemory(T source, ToDoubleFunction<T> used, ToDoubleFunction<T> max) {
        gauge("megacomet.direct.memory.used.bytes", "Direct memory that is allocated", source, used);
        gauge("megacomet.direct.memory.max.bytes", "Direct memory that may be allocated", source, max);
    }

    /** megacomet.direct.memory.exhausted: how often no direct memory was left. */
    public Counter outOfDirectMemory() {
        return counter("megacomet.direct.memory.exhausted", "How often no direct memory was left");
    }

    /** megacomet.bodies: bytes of request bodies and WebSocket messages that came and are not handled yet. */
    public <T> void bodies(T source, ToDoubleFunction<T> value) {
        Gauge.builder("megacomet.bodies", source, value)
                .description("Bytes of bodies that came and are not handled yet")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
    }

    /** megacomet.events: events that were told in the log. */
    public Counter events() {
        return counter("megacomet.events", "Events that were told in the log");
    }

    /** megacomet.events.dropped: events that were not told, because Redis did not take them and too many waited. */
    public Counter eventsDropped() {
        return counter("megacomet.events.dropped", "Events that could not be told");
    }

    /** megacomet.redis.script{verb, done}: how long a script took, all its tries together; one may publish to several clients. */
    public Timer redisScript(String verb, boolean isDone) {
        return Timer.builder("megacomet.redis.script")
                .description("How long a script took, all its tries together")
                .serviceLevelObjectives(LATENCY_BUCKETS)
                .tag("verb", verb)
                .tag("done", Boolean.toString(isDone))
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(LATENCY_BUCKETS)
                .register(registry);
    }

    private <T> void gauge(String name, String description, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
