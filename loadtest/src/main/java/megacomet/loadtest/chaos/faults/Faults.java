package megacomet.loadtest.chaos.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import megacomet.loadtest.chaos.world.Shape;

/** All faults that there are. */
public final class Faults {

    /** What is done if nobody says what. */
    public static final String ALL = "all";

    /** What is done to have none. */
    public static final String NONE = "none";

    private Faults() {}

    public static List<Fault> known() {
        return List.of(
                new GatewayKill(),
                new GatewayStop(),
                new GatewayTerm(),
                new GatewayClock(),
                new PublisherKill(),
                new Cut(),
                new RedisRestart(true),
                new RedisRestart(false),
                new RedisKillClients(),
                new RedisSleep(),
                new RedisStop(),
                new RedisOutputLimit(),
                new RedisFull(),
                new ScriptFlush(),
                new Failover(),
                new Reshard());
    }

    /**
     * Those of a list of names, or all that can be had in that shape on this machine.
     *
     * @param isOneClockWrong whether the clock of one Redis master is wrong
     * @throws IllegalArgumentException with a sentence if one is unknown or cannot be had
     */
    public static List<Fault> named(String names, Shape shape, boolean isOneClockWrong) {
        if (names.equals(NONE)) {
            return List.of();
        }
        if (names.equals(ALL)) {
            return known().stream()
                    .filter(fault -> fault.isFor(shape) && fault.obstacle() == null)
                    .filter(fault -> !isOneClockWrong || fault.isForWrongClock())
                    .toList();
        }
        List<Fault> chosen = new ArrayList<>();
        for (String name : names.split(",")) {
            Fault fault = named(name.strip(), known(), shape);
            if (isOneClockWrong && !fault.isForWrongClock()) {
                throw new IllegalArgumentException("'" + fault.name() + "' cannot be had with --redis-clock");
            }
            chosen.add(fault);
        }
        return chosen;
    }

    private static Fault named(String name, List<Fault> known, Shape shape) {
        Fault fault = known.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no fault; there are " + ALL + ", "
                        + NONE + ", " + known.stream().map(Fault::name).collect(Collectors.joining(", "))));
        if (!fault.isFor(shape)) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be had with --redis " + shape.word() + "; it is for "
                            + Arrays.stream(Shape.values())
                                    .filter(fault::isFor)
                                    .map(Shape::word)
                                    .collect(Collectors.joining(" and ")));
        }
        if (fault.obstacle() != null) {
            throw new IllegalArgumentException("'" + name + "' cannot be had here: " + fault.obstacle());
        }
        return fault;
    }
}
