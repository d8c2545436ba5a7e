package megacomet.gateway.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import megacomet.gateway.hold.Departure;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.RoomObserver;
import megacomet.model.ClientId;
import megacomet.model.Gap;
import megacomet.model.Topic;
import megacomet.model.Transport;
import megacomet.web.Meters;
import megacomet.web.Sparingly;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens in a waiting room, and logs what an operator would want to know of single clients. */
public final class RoomMeters implements RoomObserver {

    private static final Logger LOG = LoggerFactory.getLogger(RoomMeters.class);

    private final Meters meters;
    private final EventReporter events;
    private final Map<Transport, Map<EndReason, Counter>> polls = new EnumMap<>(Transport.class);
    private final Map<Transport, Counter> deliveries = new EnumMap<>(Transport.class);
    private final Map<Gap.Reason, Counter> gaps = new HashMap<>();
    private final Counter local;
    private final Counter dropped;
    private final SlowReaders slowReaders = new SlowReaders();
    private final Sparingly endsLogged = new Sparingly();
    private final Sparingly gapsLogged = new Sparingly();
    private final Timer deliveryLatency;
    private final Timer wakeLatency;
    private long ended;
    private long delivered;

    /** @param events is told who comes and goes */
    public RoomMeters(Meters meters, EventReporter events) {
        this.meters = meters;
        this.events = events;
        this.local = meters.pollsLocal();
        this.dropped = meters.dropped();
        this.deliveryLatency = meters.deliveryLatency();
        this.wakeLatency = meters.wakeLatency();
    }

    /** How many holds have ended; from any thread, and perhaps a moment old. */
    public long polls() {
        return ended;
    }

    /** How many messages were written; from any thread, and perhaps a moment old. */
    public long deliveries() {
        return delivered;
    }

    @Override
    public void answeredWithoutRedis() {
        local.increment();
    }

    @Override
    public void ended(ClientId client, Transport transport, EndReason reason, long heldMs) {
        ended++;
        polls.computeIfAbsent(transport, none -> new EnumMap<>(EndReason.class))
                .computeIfAbsent(reason, none -> meters.polls(transport.word(), reason.word()))
                .increment();
        if (reason == EndReason.SUPERSEDED || reason == EndReason.DELETED) {
            endsLogged.log(
                    () -> LOG.atInfo()
                            .addKeyValue("client", client)
                            .addKeyValue("reason", reason.word())
                            .addKeyValue("heldMs", heldMs),
                    "hold ended");
        } else if (reason == EndReason.SLOW_READER) {
            slowReaders.ended(client, transport.word());
        }
    }

    @Override
    public void delivered(Transport transport, long ageMs) {
        delivered++;
        deliveries
                .computeIfAbsent(transport, none -> meters.deliveries(transport.word()))
                .increment();
        deliveryLatency.record(Math.max(0, ageMs), TimeUnit.MILLISECONDS);
    }

    @Override
    public void woken(long ageMs) {
        wakeLatency.record(Math.max(0, ageMs), TimeUnit.MILLISECONDS);
    }

    @Override
    public void dropped(ClientId client, Topic topic, int count) {
        dropped.increment(count);
        slowReaders.dropped(client, topic.value(), count);
    }

    @Override
    public void arrived(ClientId client, Transport transport) {
        events.arrived(client, transport);
    }

    @Override
    public void departed(ClientId client, Transport transport, Departure reason) {
        events.departed(client, transport, reason);
    }

    @Override
    public void told(ClientId client, String topic, Gap gap) {
        gaps.computeIfAbsent(gap.reason(), reason -> meters.gaps(reason.word())).increment();
        gapsLogged.log(
                () -> LOG.atInfo()
                        .addKeyValue("client", client)
                        .addKeyValue("topic", topic)
                        .addKeyValue("missed", gap.isCounted() ? gap.missed() : "unknown")
                        .addKeyValue("reason", gap.reason().word()),
                "gap told");
    }
}
