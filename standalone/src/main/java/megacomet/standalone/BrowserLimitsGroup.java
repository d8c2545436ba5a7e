package megacomet.standalone;

import java.time.Duration;
import megacomet.standalone.Converters.Size;
import megacomet.web.BrowserLimits;
import megacomet.web.Rate;
import picocli.CommandLine.Option;

/** The options that bound what each client of browsers may cause in Redis. A token's claim {@code limits} outranks them. */
final class BrowserLimitsGroup {

    private static final long MAX_TTL_MS = 604_800_000;

    @Option(
            names = "--browser-publish-rate",
            paramLabel = "N[/s]",
            defaultValue = "50/s",
            description =
                    "How many messages a second each client may publish from browsers; ten seconds' worth at once."
                            + " Default: ${DEFAULT-VALUE}.")
    Rate publishRate;

    @Option(
            names = "--browser-publish-bytes",
            paramLabel = "SIZE",
            defaultValue = "256KiB",
            description = "The same in bytes of data a second. Default: ${DEFAULT-VALUE}.")
    Size publishBytes;

    @Option(
            names = "--browser-new-topics",
            paramLabel = "N",
            defaultValue = "60",
            description = "How many topics a minute each client may begin from browsers. Default: ${DEFAULT-VALUE}.")
    int newTopics;

    @Option(
            names = "--browser-max-ttl",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "The longest ttlMs of a browser's message, unless its topic's own is longer."
                    + " Default: ${DEFAULT-VALUE}.")
    Duration maxTtl;

    @Option(
            names = "--browser-max-bytes",
            paramLabel = "SIZE",
            defaultValue = "4MiB",
            description = "How much of Redis's memory may be taken by what each client published from browsers."
                    + " Default: ${DEFAULT-VALUE}.")
    Size maxBytes;

    @Option(
            names = "--browser-anonymous-share",
            paramLabel = "N",
            defaultValue = "20",
            description = "All anonymous clients together may do what so many clients may. Default: ${DEFAULT-VALUE}.")
    int anonymousShare;

    @Option(
            names = "--bayeux-handshake-rate",
            paramLabel = "N[/s]",
            defaultValue = "25/s",
            description = "How many Bayeux sessions a second each client may begin; ten seconds' worth at once."
                    + " Default: ${DEFAULT-VALUE}.")
    Rate handshakeRate;

    BrowserLimits toBrowserLimits() {
        Checks.isWithin("--browser-publish-bytes", publishBytes.bytes(), 1, 1L << 40);
        Checks.isWithin("--browser-new-topics", newTopics, 0, 1_000_000);
        Checks.isWithin("--browser-max-ttl (ms)", maxTtl.toMillis(), 1, MAX_TTL_MS);
        Checks.isWithin("--browser-max-bytes", maxBytes.bytes(), 0, 1L << 40);
        Checks.isWithin("--browser-anonymous-share", anonymousShare, 1, 1_000_000);
        return new BrowserLimits(
                publishRate.perSecond(),
                publishBytes.bytes(),
                newTopics,
                maxTtl.toMillis(),
                maxBytes.bytes(),
                handshakeRate.perSecond(),
                anonymousShare);
    }
}
