package megacomet.loadtest.chaos.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.Disturbance;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Sitting;
import megacomet.loadtest.chaos.history.Stream;

/**
 * A history that is told in a test. {@code anna} has a mailbox and follows {@code news}, and there has been from 0 on. A message
 * {@code n} is sent at {@code n * 1000} ms, acknowledged 10 ms later with the number {@code 100 + n}, and lives for 60 s.
 */
final class Story {

    static final String ANNA = "anna";
    static final Stream MAILBOX = Stream.mailbox(ANNA);
    static final Stream NEWS = Stream.topic("news");
    static final Bounds BOUNDS = new Bounds(5_000, 1_000);
    static final long ACK_MS = 10;
    static final long LIFE_MS = 60_000;

    private final List<Publish> publishes = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<GapTold> gaps = new ArrayList<>();
    private final List<Sitting> sittings = new ArrayList<>(List.of(new Sitting(ANNA, 0, Long.MAX_VALUE)));
    private final List<Disturbance> faults = new ArrayList<>();
    private final List<Disturbance> absences = new ArrayList<>();
    private int answers;

    static long sentMs(int number) {
        return number * 1_000L;
    }

    static long seq(int number) {
        return 100 + number;
    }

    Story published(Stream stream, int... numbers) {
        for (int number : numbers) {
            published(stream, number, seq(number), LIFE_MS, 1);
        }
        return this;
    }

    Story published(Stream stream, int number, long seq, long lifeMs, int tries) {
        publishes.add(new Publish(number, stream, lifeMs, sentMs(number), sentMs(number) + ACK_MS, seq, tries));
        return this;
    }

    Story neverAcknowledged(Stream stream, int number) {
        publishes.add(new Publish(number, stream, LIFE_MS, sentMs(number), Publish.NEVER, 0, 3));
        return this;
    }

    /** Each with an answer of its own, at once. */
    Story came(Stream stream, int... numbers) {
        for (int number : numbers) {
            cameLate(stream, number, 0);
        }
        return this;
    }

    Story cameLate(Stream stream, int number, long lateMs) {
        return cameAs(stream, number, seq(number), lateMs);
    }

    Story cameAs(Stream stream, int number, long seq, long lateMs) {
        deliveries.add(new Delivery(
                ANNA, stream, seq, sentMs(number) + ACK_MS, number, sentMs(number) + ACK_MS + lateMs, ++answers));
        return this;
    }

    Story told(Stream stream, String reason, long atMs) {
        gaps.add(new GapTold(ANNA, stream, GapTold.UNKNOWN, reason, atMs, ++answers));
        return this;
    }

    Story broken(String fault, long fromMs, long toMs) {
        faults.add(new Disturbance(fault, "something", null, fromMs, toMs));
        return this;
    }

    Story away(long fromMs, long toMs) {
        absences.add(Disturbance.absence(ANNA, fromMs, toMs));
        return this;
    }

    /** She follows from then until then. */
    Story satFrom(long fromMs, long toMs) {
        sittings.clear();
        sittings.add(new Sitting(ANNA, fromMs, toMs));
        return this;
    }

    /** With a new session, after another. */
    Story satAgainFrom(long fromMs) {
        sittings.add(new Sitting(ANNA, fromMs, Long.MAX_VALUE));
        return this;
    }

    History history() {
        Reader anna = new Reader(ANNA, "mega-json", true, List.of(NEWS.name(), "room/*"));
        return new History(List.of(anna), publishes, deliveries, gaps, sittings, faults, absences);
    }

    /** The promises that are broken, with how often. */
    Map<String, Integer> broken() {
        Map<String, Integer> broken = new TreeMap<>();
        for (Verdict verdict : Judge.judge(history(), BOUNDS)) {
            if (!verdict.isKept()) {
                broken.put(verdict.promise(), verdict.breaches().size());
            }
        }
        return broken;
    }

    /** What was excused, with how often. */
    int excused() {
        return Judge.judge(history(), BOUNDS).stream()
                .flatMap(verdict -> verdict.excused().values().stream())
                .mapToInt(count -> count)
                .sum();
    }
}
