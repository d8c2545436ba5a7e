package megacomet.loadtest.chaos.world;

import java.util.List;

/**
 * How a run starts its gateways and publishers, beside what every run needs.
 *
 * @param heap the largest heap of each, as {@code -Xmx} has it
 * @param openFiles how many files each may have open, or {@link #AS_MANY_AS_THERE_ARE}
 * @param isCutOffAtTimes whether a {@link Cable} lies between each and a standalone Redis, so that faults can cut it
 * @param logLevel what each says in its log
 * @param gatewayOptions whom gateways let in, and what else is special about them
 * @param publisherOptions the same of publishers
 */
public record Launch(
        String heap,
        int openFiles,
        boolean isCutOffAtTimes,
        String logLevel,
        List<String> gatewayOptions,
        List<String> publisherOptions) {

    /** The limit is the one of this process. */
    public static final int AS_MANY_AS_THERE_ARE = 0;

    /** Everybody may come; what chaos and soak start. */
    public static final Launch OPEN =
            new Launch("512m", AS_MANY_AS_THERE_ARE, true, "warn", List.of("--open"), List.of("--open"));

    public Launch {
        gatewayOptions = List.copyOf(gatewayOptions);
        publisherOptions = List.copyOf(publisherOptions);
    }
}
