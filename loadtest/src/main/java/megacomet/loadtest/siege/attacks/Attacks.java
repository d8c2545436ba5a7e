package megacomet.loadtest.siege.attacks;

import java.util.List;
import java.util.stream.Collectors;
import megacomet.loadtest.siege.attacker.Attack;

/** All attacks that there are. */
public final class Attacks {

    /** What is done if nobody says what. */
    public static final String ALL = "all";

    private Attacks() {}

    /** In the order in which they are done: first what is over soon, then what makes much. */
    public static List<Attack> known() {
        return List.of(
                new Framing(),
                new Http2Values(),
                new MetricsOfAnyHost(),
                new FramedIframe(),
                new CriticalHeader(),
                new CookieBinding(),
                new SessionPrefix(),
                new CrossSite(),
                new WeakCipher(),
                new BadTokens(),
                new CompetingPolls(),
                new LongLists(),
                new RepeatedSubscriptions(),
                new RefusedSubscriptions(),
                new BodiesUnderWay(),
                new InflatingFrames(),
                UnreadAnswers.asJson(),
                UnreadAnswers.asScripts(),
                new UnreadRefusals(),
                SilentConnections.toManagement(),
                SilentConnections.toThePublisher(),
                SilentConnections.toTheGateway(),
                new TopicFlood(),
                new BayeuxTopicFlood(),
                new IdFlood(),
                new WideRecovery(),
                new ExpiredHolds(),
                new RemovedKey(),
                new TlsSilence(),
                UnreadAnswers.forLong());
    }

    /**
     * Those of a list of names, or {@link #ALL}.
     *
     * @throws IllegalArgumentException with a sentence if one is unknown
     */
    public static List<Attack> named(String names) {
        if (names.equals(ALL)) {
            return known();
        }
        return List.of(names.split(",")).stream().map(name -> one(name.strip())).toList();
    }

    private static Attack one(String name) {
        return known().stream()
                .filter(attack -> attack.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not an attack; there are " + ALL
                        + ", " + known().stream().map(Attack::name).collect(Collectors.joining(", "))));
    }
}
