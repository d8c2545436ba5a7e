package megacomet.loadtest.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * A server to load.
 *
 * @param url as it was given
 * @param address where it listens; of a name with several addresses the first IPv4 one
 * @param authority what stands in the {@code Host} header
 * @param path the URL's path, empty or beginning with a slash
 */
public record Target(String url, InetSocketAddress address, String authority, String path) {

    private static final int HTTP_PORT = 80;

    /** Reads a list of URLs, separated by commas. */
    public static List<Target> parseAll(String urls) {
        return Arrays.stream(urls.split(","))
                .map(String::strip)
                .map(Target::parse)
                .toList();
    }

    /**
     * Reads a URL and resolves its name.
     *
     * @throws IllegalArgumentException with a sentence if that cannot be done
     */
    public static Target parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + url + "' is no URL", e);
        }
        if ("https".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "'" + url + "': TLS is not spoken, so that the figures are the server's and not the generator's; "
                            + "use the http port");
        }
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("'" + url + "' is no URL like http://host:port");
        }
        int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        String path = uri.getRawPath().equals("/") ? "" : uri.getRawPath();
        return new Target(url, new InetSocketAddress(resolve(url, uri.getHost()), port), uri.getRawAuthority(), path);
    }

    /** The path, or another if the URL has none. */
    public String pathOr(String otherwise) {
        return path.isEmpty() ? otherwise : path;
    }

    private static InetAddress resolve(String url, String host) {
        try {
            InetAddress[] all = InetAddress.getAllByName(host);
            return Arrays.stream(all)
                    .filter(address -> address.getAddress().length == 4)
                    .findFirst()
                    .orElse(all[0]);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + url + "': no address is known for " + host, e);
        }
    }
}
