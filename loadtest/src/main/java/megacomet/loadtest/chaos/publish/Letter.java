package megacomet.loadtest.chaos.publish;

import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.Stream;

/**
 * A message of the run on its way to a publisher.
 *
 * @param run letters and digits of this run alone
 * @param number which message of the run it is
 */
public record Letter(String run, int number, Stream stream, long ttlMs) {

    private static final String OPENING = "mcchaos:";

    /** The request's body. Its id makes it safe to send again. */
    String body() {
        return "{\"%s\":\"%s\",\"data\":\"%s\",\"ttlMs\":%d,\"id\":\"%s\"}"
                .formatted(
                        stream.isTopic() ? "topic" : "client",
                        stream.name(),
                        OPENING + number,
                        ttlMs,
                        run + "-" + number);
    }

    /** The number in a message's data, or {@link Delivery#FOREIGN}. */
    public static int numberIn(String data) {
        return data.startsWith(OPENING) ? Integer.parseInt(data.substring(OPENING.length())) : Delivery.FOREIGN;
    }
}
