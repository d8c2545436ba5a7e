package megacomet.conformance.wire;

import java.util.ArrayList;
import java.util.List;

/** Everything that went over the wire for one statement, in the order in which it began. */
public final class Transcript {

    private static final int ENTRIES_MAX = 200;

    private final long beganNs = System.nanoTime();
    private final List<Entry> entries = new ArrayList<>();
    private int leftOut;

    /** One exchange, whose answer may still come. */
    public final class Entry {
        private final long atMs = (System.nanoTime() - beganNs) / 1_000_000;
        private final String title;
        private final String sent;
        private String received = "";

        private Entry(String title, String sent) {
            this.title = title;
            this.sent = sent;
        }

        public void answered(String answer) {
            synchronized (Transcript.this) {
                long tookMs = (System.nanoTime() - beganNs) / 1_000_000 - atMs;
                received = "after " + tookMs + " ms:\n" + answer;
            }
        }
    }

    public synchronized Entry began(String title, String sent) {
        Entry entry = new Entry(title, sent);
        if (entries.size() < ENTRIES_MAX) {
            entries.add(entry);
        } else {
            leftOut++;
        }
        return entry;
    }

    /** Something that happened by itself: a frame that came, a socket that was closed. */
    public void happened(String title, String received) {
        Entry entry = began(title, "");
        synchronized (this) {
            entry.received = received;
        }
    }

    public synchronized List<Exchange> exchanges() {
        List<Exchange> exchanges = new ArrayList<>();
        for (Entry entry : entries) {
            exchanges.add(new Exchange(entry.atMs, entry.title, entry.sent, entry.received));
        }
        if (leftOut > 0) {
            exchanges.add(new Exchange(0, leftOut + " further exchanges are not shown", "", ""));
        }
        return exchanges;
    }
}
