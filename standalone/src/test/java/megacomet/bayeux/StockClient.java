package megacomet.bayeux;

import java.util.List;

/**
 * A Bayeux client as others publish it, steered in the same words whatever its family and wherever it runs. Every verb
 * returns when the client has its reply, and fails with an {@link AssertionError} when there is none within
 * {@link #PATIENCE_MS} or it is unsuccessful.
 */
interface StockClient extends AutoCloseable {

    long PATIENCE_MS = 30_000;

    /** Shakes hands and connects. */
    void start(String url);

    /** The connection type that it uses now. */
    String transport();

    /** How many sessions it has had. */
    int handshakes();

    void subscribe(String channel);

    void unsubscribe(String channel);

    /** Publishes one number. */
    void publish(String channel, int number);

    /** Publishes one number, and bears that it fails or is not answered in that time. */
    boolean tryToPublish(String channel, int number, long timeoutMs);

    /** Publishes several numbers in one request, or as few as its transport allows. */
    void batch(String channel, List<Integer> numbers);

    /** Publishes the numbers from one on to before another, in order, eight at a time. */
    void publishAll(String channel, int from, int to);

    /** Ends its session. */
    void disconnect();

    /** Everything that its listeners have been given so far. */
    List<Heard> heard();

    /** Makes an end of it, with or without a word to the server. */
    @Override
    void close();
}
