package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import megacomet.loadtest.chaos.world.Server;

/**
 * Who is at a gateway.
 *
 * @param connections of browsers
 * @param seats clients that it takes for there
 * @param holds those of them that wait
 */
public record Occupancy(long connections, long seats, long holds) {

    public static Occupancy of(Server gateway) throws IOException, InterruptedException {
        Metrics metrics = Metrics.of(gateway);
        return new Occupancy(
                metrics.value("megacomet_connections"),
                metrics.value("megacomet_seats"),
                metrics.value("megacomet_holds"));
    }

    public boolean isNobody() {
        return connections == 0 && seats == 0 && holds == 0;
    }

    @Override
    public String toString() {
        return "%,d connections, %,d seats, %,d holds".formatted(connections, seats, holds);
    }
}
