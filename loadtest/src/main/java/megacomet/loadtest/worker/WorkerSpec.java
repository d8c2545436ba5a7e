package megacomet.loadtest.worker;

import java.util.List;
import megacomet.loadtest.profile.Group;

/**
 * What a worker process is to do; it gets it as JSON in its only argument.
 *
 * @param worker which one it is, from 0
 * @param workers how many there are
 * @param run letters and digits of this run alone
 * @param clientPrefix what all client ids begin with
 * @param groups all groups; the worker takes its share of each
 * @param gateways URLs of the browsers' side
 * @param publishers URLs of the applications' side
 * @param sources addresses to connect from; empty leaves it to the kernel
 * @param connectRate connections a second of this worker
 * @param holdTimeoutMs how long a poll may be held
 * @param ttlMs how long a message is kept
 * @param publishConnections of this worker, for each group
 * @param secretFile makes tokens; null for none
 * @param apiKeyFile the application's key; null for none
 * @param durationMs of the plans
 * @param seed chooses recipients
 */
public record WorkerSpec(
        int worker,
        int workers,
        String run,
        String clientPrefix,
        List<Group> groups,
        List<String> gateways,
        List<String> publishers,
        List<String> sources,
        double connectRate,
        long holdTimeoutMs,
        long ttlMs,
        int publishConnections,
        String secretFile,
        String apiKeyFile,
        long durationMs,
        long seed) {}
