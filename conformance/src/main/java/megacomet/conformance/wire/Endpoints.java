package megacomet.conformance.wire;

import java.net.URI;
import java.util.List;
import java.util.Random;

/** The server's addresses. With several, every request and every socket goes to one of them at random. */
public final class Endpoints {

    private final List<URI> urls;
    private final Random random;

    public Endpoints(List<URI> urls, long seed) {
        this.urls = urls.stream().map(Endpoints::withoutSlash).toList();
        this.random = new Random(seed);
    }

    public synchronized URI next() {
        return urls.get(random.nextInt(urls.size()));
    }

    /** The next address with something at the end of its path, or a query. */
    public URI next(String suffix) {
        return URI.create(next() + suffix);
    }

    public URI nextSocket() {
        return URI.create(next().toString().replaceFirst("^http", "ws"));
    }

    private static URI withoutSlash(URI url) {
        return URI.create(url.toString().replaceFirst("/+$", ""));
    }
}
