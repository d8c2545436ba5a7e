package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import megacomet.loadtest.message.Publication;
import megacomet.loadtest.message.Stamp;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Target;

/** MegaComet's {@code POST /v1/messages}: to a client, or to a topic. */
final class MegaPublish implements PublishDialect {

    private final Stamp stamp;
    private final int bytes;
    private final String topic;
    private final boolean isToTopicOfClient;
    private final String start;
    private final String end;

    /** @param isToTopicOfClient whether single browsers are reached by a topic each, as Bayeux's are */
    MegaPublish(Target target, PublishSetting setting, boolean isToTopicOfClient) {
        this.isToTopicOfClient = isToTopicOfClient;
        stamp = new Stamp(setting.run());
        bytes = setting.bytes();
        topic = setting.topic();
        start = "POST " + target.path() + "/v1/messages HTTP/1.1\r\nHost: " + target.authority()
                + "\r\nContent-Type: application/json\r\n"
                + (setting.apiKey() == null ? "" : "Authorization: Bearer " + setting.apiKey() + "\r\n")
                + "Content-Length: ";
        end = "\",\"ttlMs\":" + setting.ttlMs() + "}";
    }

    @Override
    public void request(Publication message, String client, ByteBuf out) {
        String recipient = client == null
                ? "{\"topic\":\"" + topic
                : isToTopicOfClient ? "{\"topic\":\"" + Bayeux.PRIVATE + client : "{\"client\":\"" + client;
        String opening = recipient + "\",\"data\":\"";
        Ascii.write(start, out);
        Ascii.write(Integer.toString(opening.length() + bytes + end.length()), out);
        Ascii.write("\r\n\r\n", out);
        Ascii.write(opening, out);
        stamp.write(message, bytes, out);
        Ascii.write(end, out);
    }

    @Override
    public String refusal(ResponseReader response) {
        return response.status() == Http.OK ? null : Http.reasonOf(response);
    }
}
