package megacomet.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.shareddata.Shareable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The doors of a Vert.x: one for each port on which it listens. Everything that a process serves is made on one Vert.x, so
 * that no port can be opened past its {@link Door}. May be used from any thread.
 */
public final class Doors implements Shareable {

    private static final String SHARED_AS = "megacomet.web.doors";

    private final boolean isAtAccept;
    private final Map<Address, Door> doors = new ConcurrentHashMap<>();

    private record Address(String host, int port) {}

    private Doors(boolean isAtAccept) {
        this.isAtAccept = isAtAccept;
    }

    /**
     * Makes a Vert.x whose doors see a connection when it is accepted: before TLS, before a PROXY header, before a byte is
     * read. A server on a port without a door fails to listen.
     *
     * @param options with {@link VertxOptions#getPreferNativeTransport} as usual
     */
    public static Vertx vertx(VertxOptions options) {
        Doors doors = new Doors(true);
        Vertx vertx = Vertx.builder()
                .with(options)
                .withTransport(AdmittingTransport.of(options.getPreferNativeTransport(), doors))
                .build();
        vertx.sharedData().<String, Doors>getLocalMap(SHARED_AS).put(SHARED_AS, doors);
        return vertx;
    }

    /**
     * Returns the doors of a Vert.x. If {@link #vertx} did not make it, as in tests that embed a single server, its doors
     * see a connection only when it is ready for HTTP; every limit holds from then on.
     */
    public static Doors of(Vertx vertx) {
        return vertx.sharedData()
                .<String, Doors>getLocalMap(SHARED_AS)
                .computeIfAbsent(SHARED_AS, first -> new Doors(false));
    }

    /**
     * Returns the door at which a server listens; the same for every event loop of that server.
     *
     * @param guard counts what is cut here
     */
    public Door at(Listen listen, Guard guard) {
        return doors.computeIfAbsent(
                new Address(listen.host(), listen.port()), address -> new Door(listen, isAtAccept, guard));
    }

    /** @throws IllegalStateException if nobody has made it */
    Door at(String host, int port) {
        Door door = doors.get(new Address(host, port));
        if (door == null) {
            throw new IllegalStateException("no door admits connections to " + host + ":" + port);
        }
        return door;
    }
}
