package megacomet.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Route;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import megacomet.fixture.Chromium;

/** A page of a real browser with one client in it, in a profile of its own. */
final class PageScript implements Script {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "/stock-clients/";

    private final BrowserContext profile;
    private final Page page;

    /**
     * Opens it.
     *
     * @param origin where the page says that it is from; nothing is asked there but Bayeux
     */
    PageScript(Chromium chromium, String origin, String library, String transport) {
        profile = chromium.profile();
        profile.route(origin + FOLDER + "**", PageScript::give);
        page = profile.newPage();
        page.navigate(origin + FOLDER + "page.html");
        page.evaluate("([library, transport]) => window.start(library, transport)", List.of(library, transport));
    }

    /** Answers the page's own requests with files, so that it may be from the server's origin or from another. */
    private static void give(Route route) {
        String path = URI.create(route.request().url()).getPath().substring(FOLDER.length());
        Route.FulfillOptions answer = new Route.FulfillOptions();
        if (path.equals("page.html")) {
            answer.setContentType("text/html").setBody("<script type=module src=page.mjs></script>");
        } else {
            answer.setContentType("text/javascript").setPath(NodeScript.CLIENTS.resolve(Path.of(path)));
        }
        route.fulfill(answer);
    }

    @Override
    public JsonNode run(String verb, List<?> arguments, long timeoutMs) {
        try {
            Object value = page.evaluate(
                    "([verb, given, timeoutMs]) => window.run(verb, given, timeoutMs)",
                    List.of(verb, arguments, (double) timeoutMs)); // it knows no long
            return JSON.valueToTree(value);
        } catch (PlaywrightException e) {
            throw new AssertionError(verb + " " + arguments + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<Heard> takeHeard() {
        List<Heard> taken = new ArrayList<>();
        for (JsonNode one : JSON.<JsonNode>valueToTree(page.evaluate("window.takeHeard()"))) {
            taken.add(new Heard(
                    one.get(0).asText(), one.get(1).asText(), one.get(2).toString()));
        }
        return taken;
    }

    @Override
    public void close() {
        profile.close();
    }
}
