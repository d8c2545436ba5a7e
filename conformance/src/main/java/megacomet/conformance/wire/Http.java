package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Requests of a statement over HTTP/1.1, each of which its transcript shows. */
public final class Http {

    private final HttpClient client;
    private final Endpoints endpoints;
    private final Transcript transcript;
    private final Outages outages;
    private final long patienceMs;

    public Http(HttpClient client, Endpoints endpoints, Transcript transcript, Outages outages, long patienceMs) {
        this.client = client;
        this.endpoints = endpoints;
        this.transcript = transcript;
        this.outages = outages;
        this.patienceMs = patienceMs;
    }

    HttpClient client() {
        return client;
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    public Transcript transcript() {
        return transcript;
    }

    public long patienceMs() {
        return patienceMs;
    }

    /** Posts text as it is, and keeps what cookies come. */
    public CompletableFuture<Answer> post(URI url, Map<String, String> headers, String body, Browser browser) {
        return send("POST", url, headers, body, browser);
    }

    public CompletableFuture<Answer> get(URI url, Map<String, String> headers, Browser browser) {
        return send("GET", url, headers, "", browser);
    }

    public CompletableFuture<Answer> send(
            String method, URI url, Map<String, String> headers, String body, Browser browser) {
        Map<String, String> all = new TreeMap<>(headers);
        if (!browser.cookieHeader().isEmpty()) {
            all.put("Cookie", browser.cookieHeader());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        all.forEach(request::header);
        Transcript.Entry entry = transcript.began(method + " " + url, shown(all, body));
        long sentNs = System.nanoTime();
        return client.sendAsync(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8))
                .orTimeout(patienceMs, TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> finished(entry, failure))
                .thenApply(response -> answered(entry, response, browser, sentNs));
    }

    private void finished(Transcript.Entry entry, Throwable failure) {
        if (failure != null) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            entry.answered("no answer: " + cause);
            if (failure instanceof ConnectException || cause instanceof ConnectException) {
                outages.notice();
            }
        }
    }

    private static Answer answered(
            Transcript.Entry entry, HttpResponse<String> response, Browser browser, long sentNs) {
        long tookMs = (System.nanoTime() - sentNs) / 1_000_000;
        browser.take(response.headers());
        Map<String, String> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        entry.answered("HTTP " + response.statusCode() + "\n" + shown(headers, response.body()));
        List<JsonNode> messages = Json.messages(response.body());
        return new Answer(response.statusCode(), response.headers(), response.body(), messages, tookMs);
    }

    private static String shown(Map<String, String> headers, String body) {
        StringBuilder shown = new StringBuilder();
        headers.forEach(
                (name, value) -> shown.append(name).append(": ").append(value).append('\n'));
        return shown.append('\n').append(body).toString();
    }
}
