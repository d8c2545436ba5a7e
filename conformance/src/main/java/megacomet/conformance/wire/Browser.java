package megacomet.conformance.wire;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** What clients of one browser share: its cookies. Domain and path do not matter here, there is one server. */
public final class Browser {

    private final Map<String, String> cookies = new ConcurrentSkipListMap<>();
    private final boolean keepsCookies;

    private Browser(boolean keepsCookies) {
        this.keepsCookies = keepsCookies;
    }

    public static Browser fresh() {
        return new Browser(true);
    }

    /** One that throws every cookie away, like a script, or a frame of another site. */
    public static Browser withoutCookies() {
        return new Browser(false);
    }

    /** The value of the Cookie header; empty when there is none to send. */
    public String cookieHeader() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    void take(HttpHeaders headers) {
        take(headers.allValues("set-cookie"));
    }

    void take(List<String> setCookies) {
        for (String setCookie : keepsCookies ? setCookies : new ArrayList<String>()) {
            String[] pair = setCookie.split(";", 2)[0].split("=", 2);
            if (pair.length == 2) {
                cookies.put(pair[0].strip(), pair[1].strip());
            }
        }
    }
}
