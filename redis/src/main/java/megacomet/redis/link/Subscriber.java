package megacomet.redis.link;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.List;

/**
 * A connection to one master that does nothing but listen to sharded channels. Nothing else is ever sent on it: the
 * Vert.x client mixes up replies and pushes on such a connection.
 *
 * <p>It is not opened again when it ends; whoever uses it makes another. All methods are called on the event loop that
 * made it, and so are the events.
 */
public final class Subscriber {

    private final Address address;
    private final Events events;
    private Connections.Opened opened;
    private boolean hasEnded;

    /** What happens on the connection. */
    public interface Events {
        /** The connection is open; {@link #subscribe} may be called. */
        void opened(Subscriber subscriber);

        /** The server has confirmed a subscription: what is published from now on is heard. */
        void subscribed(Subscriber subscriber, String channel);

        /** The server has ended a subscription, because the channel's slot moved. */
        void unsubscribed(Subscriber subscriber, String channel);

        /** Something was published. */
        void heard(Subscriber subscriber, String channel, byte[] message);

        /** The connection has ended, or could not be opened. Called once; nothing comes after it. */
        void ended(Subscriber subscriber, Throwable cause);
    }

    private Subscriber(Address address, Events events) {
        this.address = address;
        this.events = events;
    }

    /** Opens a connection. */
    public static Subscriber open(Connections connections, Address address, Events events) {
        Subscriber subscriber = new Subscriber(address, events);
        connections.open(address, false).onComplete(result -> {
            if (result.failed()) {
                subscriber.end(result.cause());
            } else if (subscriber.hasEnded) {
                result.result().close();
            } else {
                subscriber.opened(result.result());
            }
        });
        return subscriber;
    }

    public Address address() {
        return address;
    }

    /** Asks to hear these channels. Each in a command of its own, since a cluster refuses several slots in one. */
    public void subscribe(List<String> channels) {
        for (String channel : channels) {
            opened.connection()
                    .send(Request.cmd(Command.SSUBSCRIBE).arg(channel))
                    .onFailure(this::end);
        }
    }

    /** Ends the connection; {@link Events#ended} follows. */
    public void close(Throwable why) {
        end(why);
    }

    private void opened(Connections.Opened connection) {
        opened = connection;
        // Its end shows as either of the two.
        connection.connection().endHandler(end -> end(new IllegalStateException("connection closed")));
        connection.connection().exceptionHandler(this::end);
        connection.connection().handler(this::pushed);
        events.opened(this);
    }

    private void pushed(Response push) {
        if (hasEnded) {
            return;
        }
        if (push.type() == ResponseType.ERROR) {
            // MOVED, for one: the slot is not here (any more).
            end(new IllegalStateException(push.toString()));
            return;
        }
        String channel = push.get(1).toString();
        switch (push.get(0).toString()) {
            case "smessage" -> events.heard(this, channel, push.get(2).toBytes());
            case "ssubscribe" -> events.subscribed(this, channel);
            case "sunsubscribe" -> events.unsubscribed(this, channel);
            default -> end(new IllegalStateException("not expected on a subscriber: " + push));
        }
    }

    private void end(Throwable cause) {
        if (!hasEnded) {
            hasEnded = true;
            if (opened != null) {
                opened.close();
            }
            events.ended(this, cause);
        }
    }
}
