package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Scan;
import megacomet.loadtest.wire.Target;

/**
 * MegaComet's server-sent events: {@code GET /v1/stream}. An event is {@code id: <cursor>} and {@code data:} with one answer.
 * As an EventSource does, it confirms nothing while the stream lasts; its last id confirms when it connects again.
 */
final class MegaSse implements Dialect {

    private static final byte[] ID = Scan.ascii("id:");
    private static final byte[] DATA = Scan.ascii("data:");

    private final Target target;
    private final MegaQuery query;
    private final String headers;

    MegaSse(Target target, Setting setting) {
        this.target = target;
        query = new MegaQuery(setting);
        headers = Setting.browserHeaders(target) + "Accept: text/event-stream\r\nCache-Control: no-cache\r\n";
    }

    @Override
    public boolean request(Caller caller, ByteBuf out) {
        Ascii.write("GET ", out);
        Ascii.write(target.path(), out);
        Ascii.write("/v1/stream", out);
        query.write(caller, true, out); // An EventSource cannot send headers of its own.
        Ascii.write(" HTTP/1.1\r\n", out);
        Ascii.write(headers, out);
        if (caller.memory() != null) {
            Ascii.write("Last-Event-ID: ", out);
            out.writeBytes(caller.memory());
            Ascii.write("\r\n", out);
        }
        Ascii.write("\r\n", out);
        return false;
    }

    @Override
    public long read(Caller caller, ResponseReader response) {
        if (response.status() != Http.OK) {
            return Http.refused(caller, response);
        }
        caller.holds();
        byte[] bytes = response.bytes();
        int eventStart = response.bodyStart();
        int lineStart = eventStart;
        long next = WAIT;
        for (int i = eventStart; i < response.bodyEnd(); i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (isBlank(bytes, lineStart, i)) {
                if (readEvent(caller, bytes, eventStart, lineStart) == STOP) {
                    next = STOP;
                }
                eventStart = i + 1;
            }
            lineStart = i + 1;
        }
        response.discard(eventStart - response.bodyStart());
        return response.isComplete() && next == WAIT ? 0 : next;
    }

    @Override
    public boolean canAsk() {
        return false; // but its headers come at once, which says the same
    }

    private static long readEvent(Caller caller, byte[] bytes, int from, int to) {
        long next = WAIT;
        byte[] id = null;
        int lineStart = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                int end = i > lineStart && bytes[i - 1] == '\r' ? i - 1 : i;
                if (isField(bytes, lineStart, end, DATA)) {
                    next = MegaAnswer.read(caller, bytes, lineStart + DATA.length, end);
                } else if (isField(bytes, lineStart, end, ID)) {
                    int value = lineStart + ID.length;
                    id = Arrays.copyOfRange(bytes, value < end && bytes[value] == ' ' ? value + 1 : value, end);
                }
                lineStart = i + 1;
            }
        }
        if (id != null) {
            caller.remember(id);
        }
        return next;
    }

    private static boolean isBlank(byte[] bytes, int lineStart, int end) {
        return end == lineStart || (end == lineStart + 1 && bytes[lineStart] == '\r');
    }

    private static boolean isField(byte[] bytes, int from, int to, byte[] name) {
        return to - from >= name.length && Scan.indexOf(bytes, from, from + name.length, name) == from;
    }
}
