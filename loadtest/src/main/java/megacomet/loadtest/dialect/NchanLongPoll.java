package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Scan;
import megacomet.loadtest.wire.Target;

/**
 * Nchan's long-poll: {@code GET /sub?id=<channel>}, which is the topic or the client. An answer is one message and says by
 * {@code Last-Modified} and {@code Etag} where it stands; the next request returns both.
 */
final class NchanLongPoll implements Dialect {

    private static final int NOT_MODIFIED = 304;
    private static final int REQUEST_TIMEOUT = 408;
    private static final String DEFAULT_PATH = "/sub";

    private final String start;
    private final String topic;
    private final String headers;

    NchanLongPoll(Target target, Setting setting) {
        start = "GET " + target.pathOr(DEFAULT_PATH) + "?id=";
        topic = setting.topic() == null ? null : URLEncoder.encode(setting.topic(), StandardCharsets.UTF_8);
        headers = " HTTP/1.1\r\n" + Setting.browserHeaders(target) + "Accept: */*\r\n";
    }

    @Override
    public boolean request(Caller caller, ByteBuf out) {
        Ascii.write(start, out);
        Ascii.write(topic == null ? caller.client() : topic, out);
        Ascii.write(headers, out);
        if (caller.memory() != null) {
            out.writeBytes(caller.memory());
        }
        Ascii.write("\r\n", out);
        return true;
    }

    @Override
    public long read(Caller caller, ResponseReader response) {
        if (response.status() == NOT_MODIFIED || response.status() == REQUEST_TIMEOUT) {
            return response.isComplete() ? 0 : WAIT; // its time was over
        }
        if (response.status() != Http.OK) {
            return Http.refused(caller, response);
        }
        if (!response.isComplete()) {
            return WAIT;
        }
        String modified = response.header("last-modified");
        String tag = response.header("etag");
        if (modified != null) {
            caller.remember(Scan.ascii(
                    "If-Modified-Since: " + modified + "\r\n" + (tag == null ? "" : "If-None-Match: " + tag + "\r\n")));
        }
        caller.received(response.bytes(), response.bodyStart(), response.bodyEnd());
        return 0;
    }

    @Override
    public boolean canAsk() {
        return false;
    }
}
