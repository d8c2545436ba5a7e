package megacomet.loadtest.wire;

/** What came is no HTTP/1.1 response, or no WebSocket frame, or too large a one. It has no stack trace: it is counted, not debugged. */
public final class MalformedResponse extends RuntimeException {

    public MalformedResponse(String message) {
        super(message, null, false, false);
    }
}
