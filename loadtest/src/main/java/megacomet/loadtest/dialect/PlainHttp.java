package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Target;

/** A GET that some server holds. Each answer is followed by the next GET. */
final class PlainHttp implements Dialect {

    private final String request;

    PlainHttp(Target target) {
        request =
                "GET " + target.pathOr("/") + " HTTP/1.1\r\n" + Setting.browserHeaders(target) + "Accept: */*\r\n\r\n";
    }

    @Override
    public boolean request(Caller caller, ByteBuf out) {
        Ascii.write(request, out);
        return true;
    }

    @Override
    public long read(Caller caller, ResponseReader response) {
        if (response.isComplete()) {
            return response.status() < 400 ? 0 : Http.refused(caller, response);
        }
        response.discard(response.bodyEnd() - response.bodyStart());
        return WAIT;
    }

    @Override
    public boolean canAsk() {
        return false;
    }
}
