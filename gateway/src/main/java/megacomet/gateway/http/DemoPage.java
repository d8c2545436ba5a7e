package megacomet.gateway.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The page at {@code /} on which the gateway can be tried; only an open server has it. */
public final class DemoPage {

    private final String html;

    /** @param publishUrl where the page publishes */
    public DemoPage(String publishUrl) {
        try (InputStream in = DemoPage.class.getResourceAsStream("/megacomet/gateway/demo.html")) {
            String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            this.html = template.replace("{{publishUrl}}", publishUrl);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the page's route. */
    public void on(Router router) {
        router.get("/").handler(this::answer);
    }

    private void answer(RoutingContext context) {
        context.response()
                .putHeader("content-type", "text/html; charset=utf-8")
                .putHeader("cache-control", "no-store")
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("x-frame-options", "DENY")
                .end(html);
    }
}
