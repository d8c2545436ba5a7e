package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;

/** The browser, as its dialect sees it. */
public interface Caller {

    /** Which of its group it is. */
    int index();

    /** The id that the server knows it by; the same each time. */
    String client();

    /** A number that is 1 at first and rises by one with each call. */
    int next();

    /** How often {@link #next} was called since the memory was last cleared. */
    int count();

    /** What the dialect left here, or null. */
    byte[] memory();

    /** Keeps something for the next request; null forgets it, and makes the count 0. */
    void remember(byte[] memory);

    /** Whether the request shall be answered at once, to show that the server is there. */
    boolean isAsking();

    /** The server says that the browser waits now. For dialects whose request does not. */
    void holds();

    /** Messages may stand in {@code bytes[from, to)}. */
    void received(byte[] bytes, int from, int to);

    /** The server has told it of messages that are gone. */
    void missed();

    /** Something went wrong, and is counted. */
    void failed(String reason);

    /** After how many ms to come again when the server has refused a request. */
    default long backOffMs() {
        return Http.ERROR_PAUSE_MS;
    }

    /** Sends bytes beside the request: an acknowledgement, a pong. */
    void send(ByteBuf bytes);

    /** An empty buffer for {@link #send}. */
    ByteBuf buffer();
}
