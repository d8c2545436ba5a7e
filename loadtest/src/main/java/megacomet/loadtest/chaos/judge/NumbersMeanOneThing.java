package megacomet.loadtest.chaos.judge;

import java.util.HashMap;
import java.util.Map;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Stream;

/** A number of a stream is one message's, by acknowledgements and deliveries alike, and each message comes where it was sent. */
final class NumbersMeanOneThing implements Promise {

    private final Verdict.Findings findings = new Verdict.Findings();
    private final Map<Numbered, Integer> meanings = new HashMap<>();

    private record Numbered(Stream stream, long seq) {}

    @Override
    public Verdict judge(History history) {
        for (Publish message : history.publishes()) {
            if (message.isAcked()) {
                means(message.stream(), message.seq(), message.number(), "acknowledged");
            }
        }
        Map<Integer, Publish> messages = history.byNumber();
        Map<String, Reader> readers = history.readersByClient();
        for (Delivery delivery : history.deliveries()) {
            Publish message = messages.get(delivery.number());
            if (message == null) {
                continue; // filling, which a fault has published
            }
            if (delivery.seq() != 0) {
                means(delivery.stream(), delivery.seq(), delivery.number(), "delivered to " + delivery.client());
            }
            if (!delivery.stream().equals(message.stream())
                    || !readers.get(delivery.client()).reads(delivery.stream())) {
                findings.breach(
                        "%s got message %d, seq %d, as one of the %s; it was sent to the %s",
                        delivery.client(), delivery.number(), delivery.seq(), delivery.stream(), message.stream());
            }
        }
        return findings.verdict("no number means two messages", "%,d numbers", meanings.size());
    }

    private void means(Stream stream, long seq, int number, String how) {
        Integer former = meanings.putIfAbsent(new Numbered(stream, seq), number);
        if (former != null && former != number) {
            findings.breach("seq %d of the %s is message %d and message %d (%s)", seq, stream, former, number, how);
        }
    }
}
