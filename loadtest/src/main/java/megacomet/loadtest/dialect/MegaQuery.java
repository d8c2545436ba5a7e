package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The query that all of MegaComet's transports understand: who, following what, from where. */
final class MegaQuery {

    private final Setting setting;
    private final String topics;

    MegaQuery(Setting setting) {
        this.setting = setting;
        topics = setting.topic() == null ? "" : "&topics=" + URLEncoder.encode(setting.topic(), StandardCharsets.UTF_8);
    }

    /** Appends it, with its question mark. */
    void write(Caller caller, boolean withToken, ByteBuf out) {
        Ascii.write("?client=", out);
        Ascii.write(caller.client(), out);
        Ascii.write("&conn=", out);
        Ascii.write(setting.run(), out);
        Ascii.write(Integer.toString(caller.index(), 36), out);
        Ascii.write("&n=", out);
        Ascii.write(Integer.toString(caller.next()), out);
        Ascii.write("&timeoutMs=", out);
        Ascii.write(caller.isAsking() ? "0" : Long.toString(setting.holdTimeoutMs()), out);
        Ascii.write(topics, out);
        if (caller.memory() != null) {
            Ascii.write("&cursor=", out);
            out.writeBytes(caller.memory());
        }
        if (withToken && setting.tokens() != null) {
            Ascii.write("&token=", out);
            Ascii.write(token(caller), out);
        }
    }

    String token(Caller caller) {
        return setting.tokens().of(caller.client(), setting.topic());
    }

    boolean hasTokens() {
        return setting.tokens() != null;
    }
}
