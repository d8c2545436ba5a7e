package megacomet.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** The media types that bodies may have here, without their parameters: all of them are UTF-8. */
public final class MediaType {

    public static final String JSON = "application/json";

    /** One JSON text a line. */
    public static final String NDJSON = "application/x-ndjson";

    private MediaType() {}

    /** Returns what the request says that its body is, without parameters and in lower case; empty if it does not say. */
    public static String of(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
