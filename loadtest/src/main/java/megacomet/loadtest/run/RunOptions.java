package megacomet.loadtest.run;

import java.nio.file.Path;
import java.util.List;
import megacomet.loadtest.machine.Watch;
import megacomet.loadtest.wire.Target;

/**
 * How a profile is run, and against whom.
 *
 * @param gateways the browsers' side
 * @param publishers the applications' side; empty if nothing is published
 * @param sources addresses to connect from; empty chooses them
 * @param connectRate connections a second, of all processes together
 * @param connectTimeoutMs how long the opening may take beyond what the rate asks for
 * @param settleMs from when all wait to the first publish
 * @param warmUpMs how long it is published before latencies are taken down
 * @param drainMs how long the last messages may take
 * @param holdTimeoutMs how long a poll may be held
 * @param ttlMs how long a message is kept
 * @param publishConnections of all processes together
 * @param clientPrefix what client ids begin with, or null for one of this run alone
 * @param secretFile makes tokens, or null
 * @param apiKeyFile the application's key, or null
 * @param filesPerProcess at most so many connections a process; 0 asks the system's limit
 * @param seed chooses recipients
 * @param watched processes of the servers, by parts
 * @param json where to write the figures, or null
 * @param report where to write the page, or null
 */
public record RunOptions(
        List<Target> gateways,
        List<Target> publishers,
        List<String> sources,
        double connectRate,
        long connectTimeoutMs,
        long settleMs,
        long warmUpMs,
        long drainMs,
        long holdTimeoutMs,
        long ttlMs,
        int publishConnections,
        String clientPrefix,
        String secretFile,
        String apiKeyFile,
        int filesPerProcess,
        long seed,
        List<Watch> watched,
        Path json,
        Path report) {}
