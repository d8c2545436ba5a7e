package megacomet.loadtest.dialect;

import megacomet.loadtest.wire.Scan;

/** What is in an answer of MegaComet, whatever its transport: messages, cursor, gaps, and what to do next. */
final class MegaAnswer {

    private static final byte[] CURSOR = Scan.ascii("\"cursor\":\"");
    private static final byte[] GAPS = Scan.ascii("\"gaps\":[{");
    private static final byte[] ENDED = Scan.ascii("\"ended\":\"");
    private static final byte[] NONE = Scan.ascii("\"reconnect\":\"none\"");
    private static final byte[] INTERVAL = Scan.ascii("\"intervalMs\":");
    private static final byte[] ERROR = Scan.ascii("{\"error\":{\"code\":\"");

    private MegaAnswer() {}

    /**
     * Reads an answer in {@code bytes[from, to)}.
     *
     * @return {@link Dialect#STOP}, or after how many milliseconds to come again
     */
    static long read(Caller caller, byte[] bytes, int from, int to) {
        byte[] error = Scan.quotedAfterFirst(bytes, from, to, ERROR);
        if (error != null) {
            caller.failed("answered " + Http.text(error));
            return Http.ERROR_PAUSE_MS;
        }
        caller.received(bytes, from, to);
        byte[] cursor = Scan.quotedAfterLast(bytes, from, to, CURSOR);
        if (cursor != null) {
            caller.remember(cursor);
        }
        if (Scan.indexOf(bytes, from, to, GAPS) >= 0) {
            caller.missed();
        }
        if (Scan.indexOf(bytes, from, to, NONE) >= 0) {
            byte[] why = Scan.quotedAfterLast(bytes, from, to, ENDED);
            caller.failed("told not to come back: " + (why == null ? "no reason" : Http.text(why)));
            return Dialect.STOP;
        }
        return Scan.numberAfterLast(bytes, from, to, INTERVAL, 0);
    }
}
