package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Target;

/** MegaComet's long-poll: {@code GET /v1/poll}, in JSON or as a script (JSONP). */
final class MegaPoll implements Dialect {

    private final Target target;
    private final MegaQuery query;
    private final boolean isScript;
    private final String headers;

    MegaPoll(Target target, Setting setting, boolean isScript) {
        this.target = target;
        this.isScript = isScript;
        query = new MegaQuery(setting);
        headers = Setting.browserHeaders(target) + "Accept: */*\r\n";
    }

    @Override
    public boolean request(Caller caller, ByteBuf out) {
        Ascii.write("GET ", out);
        Ascii.write(target.path(), out);
        Ascii.write("/v1/poll", out);
        query.write(caller, isScript, out); // A script element cannot send headers.
        Ascii.write(isScript ? "&callback=cb HTTP/1.1\r\n" : " HTTP/1.1\r\n", out);
        Ascii.write(headers, out);
        if (!isScript && query.hasTokens()) {
            Ascii.write("Authorization: Bearer ", out);
            Ascii.write(query.token(caller), out);
            Ascii.write("\r\n", out);
        }
        Ascii.write("\r\n", out);
        return true;
    }

    @Override
    public long read(Caller caller, ResponseReader response) {
        if (response.status() != Http.OK) {
            return Http.refused(caller, response);
        }
        return response.isComplete()
                ? MegaAnswer.read(caller, response.bytes(), response.bodyStart(), response.bodyEnd())
                : WAIT;
    }

    @Override
    public boolean canAsk() {
        return true;
    }
}
