package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import megacomet.loadtest.message.Publication;
import megacomet.loadtest.message.Stamp;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Target;

/** Nchan's {@code POST /pub?id=<channel>}. */
final class NchanPublish implements PublishDialect {

    private static final String DEFAULT_PATH = "/pub";

    private final Stamp stamp;
    private final int bytes;
    private final String topic;
    private final String start;
    private final String headers;

    NchanPublish(Target target, PublishSetting setting) {
        stamp = new Stamp(setting.run());
        bytes = setting.bytes();
        topic = setting.topic() == null ? null : URLEncoder.encode(setting.topic(), StandardCharsets.UTF_8);
        start = "POST " + target.pathOr(DEFAULT_PATH) + "?id=";
        headers = " HTTP/1.1\r\nHost: " + target.authority() + "\r\nContent-Type: text/plain\r\nContent-Length: "
                + bytes + "\r\n\r\n";
    }

    @Override
    public void request(Publication message, String client, ByteBuf out) {
        Ascii.write(start, out);
        Ascii.write(client == null ? topic : client, out);
        Ascii.write(headers, out);
        stamp.write(message, bytes, out);
    }

    @Override
    public String refusal(ResponseReader response) {
        return response.status() / 100 == 2 ? null : Http.reasonOf(response);
    }
}
