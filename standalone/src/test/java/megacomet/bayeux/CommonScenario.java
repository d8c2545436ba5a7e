package megacomet.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * What an ordinary page does with Bayeux, in two halves between which the server is started again. Every stock client must
 * get through it on every transport that it has.
 */
final class CommonScenario {

    private static final Duration PATIENCE = Duration.ofMillis(StockClient.PATIENCE_MS);
    private static final long PROBE_MS = 2_000;

    private final StockClient client;
    private final String transport;
    private final int messages;
    private final String root = "/" + UUID.randomUUID().toString().substring(0, 8);
    private final String exact = root + "/a/one";
    private final String star = root + "/a/*";
    private final String deep = root + "/**";
    private final List<Heard> expected = new ArrayList<>();

    /** @param messages how many are published in a row */
    CommonScenario(StockClient client, String transport, int messages) {
        this.client = client;
        this.transport = transport;
        this.messages = messages;
    }

    /** Handshake, subscriptions of each kind, many messages, a batch, an unsubscription. */
    void beforeTheRestart(String url) {
        client.start(url);
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertEquals(transport, client.transport()));
        client.subscribe(exact);
        client.subscribe(star);
        client.subscribe(deep);

        client.publish(root + "/b/c", 1);
        expect(root + "/b/c", 1, deep);
        assertHeard();
        client.publish(root + "/a/two", 2);
        expect(root + "/a/two", 2, star, deep);
        assertHeard();

        client.publishAll(exact, 0, messages);
        IntStream.range(0, messages).forEach(number -> expect(exact, number, exact, star, deep));
        assertHeard();

        client.batch(exact, List.of(7, 8, 9));
        IntStream.of(7, 8, 9).forEach(number -> expect(exact, number, exact, star, deep));
        assertHeard();

        client.unsubscribe(exact);
        client.unsubscribe(star);
        client.publish(exact, messages);
        expect(exact, messages, deep);
        assertHeard();
    }

    /** The same session, or one that the client has made itself, hears as before; then it ends. */
    void afterTheRestart() {
        int heardBefore = client.heard().size();
        assertEquals(expected.size(), heardBefore, "nothing comes again");
        awaitThatItHearsAgain(heardBefore);

        client.publishAll(exact, 0, messages / 2);
        List<String> numbers =
                IntStream.range(0, messages / 2).mapToObj(String::valueOf).toList();
        // The last probe may come again while these are on their way: what counts is how many of these have come.
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> since(heardBefore, exact).size() >= numbers.size());
        assertEquals(numbers, since(heardBefore, exact));
        List<Heard> since = client.heard().subList(heardBefore, client.heard().size());
        assertTrue(since.stream().allMatch(one -> one.subscription().equals(deep)), "only one subscription is left");
        client.disconnect();
    }

    /** Publishes numbers until one comes back. Each that does came once, though what was not answered may have been sent again. */
    private void awaitThatItHearsAgain(int heardBefore) {
        int[] tried = {0};
        Awaitility.await().atMost(PATIENCE.multipliedBy(2)).until(() -> {
            client.tryToPublish(root + "/probe", tried[0]++, PROBE_MS);
            return client.heard().size() > heardBefore;
        });
        client.publish(root + "/probe", tried[0]);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> client.heard().stream()
                        .anyMatch(one ->
                                one.channel().endsWith("/probe") && one.data().equals("" + tried[0])));
        List<String> probes = client.heard().stream()
                .filter(one -> one.channel().endsWith("/probe"))
                .map(Heard::data)
                .toList();
        assertEquals(probes.size(), new HashSet<>(probes).size(), "a probe came twice: " + probes);
    }

    private void expect(String channel, int number, String... subscriptions) {
        for (String subscription : subscriptions) {
            expected.add(new Heard(subscription, channel, "" + number));
        }
    }

    /** Waits until as much was heard as is expected, and compares, each listener's messages in their order. */
    private void assertHeard() {
        awaitAtLeast(expected.size());
        List<Heard> heard = client.heard();
        for (String subscription : List.of(exact, star, deep)) {
            assertEquals(of(subscription, expected), of(subscription, heard));
        }
        assertEquals(expected.size(), heard.size());
    }

    private void awaitAtLeast(int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> client.heard().size() >= count);
    }

    /** The data of what came on a channel after so many others. */
    private List<String> since(int heardBefore, String channel) {
        return client.heard().stream()
                .skip(heardBefore)
                .filter(one -> one.channel().equals(channel))
                .map(Heard::data)
                .toList();
    }

    private static List<Heard> of(String subscription, List<Heard> heard) {
        return heard.stream()
                .filter(one -> one.subscription().equals(subscription))
                .toList();
    }
}
