package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Scan;
import megacomet.loadtest.wire.Target;
import megacomet.loadtest.wire.WebSocketFrames;

/** MegaComet's WebSocket: {@code GET /v1/ws}. A text frame is one answer; what it brought is acknowledged by its cursor. */
final class MegaWebSocket implements Dialect {

    private static final int SWITCHING = 101;

    private final Target target;
    private final MegaQuery query;
    private final String headers;

    MegaWebSocket(Target target, Setting setting) {
        this.target = target;
        query = new MegaQuery(setting);
        headers = Setting.browserHeaders(target).replace("Connection: keep-alive\r\n", "Connection: Upgrade\r\n")
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bWVnYWNvbWV0IGxvYWR0ZQ==\r\n";
    }

    @Override
    public boolean request(Caller caller, ByteBuf out) {
        Ascii.write("GET ", out);
        Ascii.write(target.path(), out);
        Ascii.write("/v1/ws", out);
        query.write(caller, true, out); // A WebSocket in a page cannot send headers of its own.
        Ascii.write(" HTTP/1.1\r\n", out);
        Ascii.write(headers, out);
        Ascii.write("\r\n", out);
        return false;
    }

    @Override
    public long read(Caller caller, ResponseReader response) {
        if (response.status() != SWITCHING) {
            return Http.refused(caller, response);
        }
        caller.holds();
        WebSocketFrames.Message message = WebSocketFrames.next(response);
        while (message != null) {
            switch (message.opcode()) {
                case WebSocketFrames.CLOSE -> {
                    caller.failed("closed with " + codeOf(message.payload()));
                    return Http.ERROR_PAUSE_MS;
                }
                case WebSocketFrames.PING -> send(caller, WebSocketFrames.PONG, message.payload());
                case WebSocketFrames.TEXT -> {
                    byte[] before = caller.memory();
                    if (MegaAnswer.read(caller, message.payload(), 0, message.payload().length) == STOP) {
                        return STOP;
                    }
                    if (caller.memory() != before) {
                        acknowledge(caller);
                    }
                }
                default -> {
                    // a pong to no ping of ours
                }
            }
            message = WebSocketFrames.next(response);
        }
        response.discard(0); // the headers, at first
        return WAIT;
    }

    @Override
    public boolean canAsk() {
        return false; // but the switch of protocols comes at once, which says the same
    }

    private static void acknowledge(Caller caller) {
        send(caller, WebSocketFrames.TEXT, Scan.ascii("{\"ack\":\"" + Http.text(caller.memory()) + "\"}"));
    }

    private static void send(Caller caller, int opcode, byte[] payload) {
        ByteBuf frame = caller.buffer();
        WebSocketFrames.write(opcode, payload, frame);
        caller.send(frame);
    }

    private static String codeOf(byte[] payload) {
        return payload.length < 2 ? "no code" : Integer.toString((payload[0] & 0xff) << 8 | payload[1] & 0xff);
    }
}
