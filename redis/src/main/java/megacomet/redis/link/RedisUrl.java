package megacomet.redis.link;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where Redis is, and in which shape:
 *
 * <ul>
 *   <li>{@code redis://[user:password@]host[:port][/database]}: one server
 *   <li>{@code redis+sentinel://[user:password@]host[:port],…/master-name}: what the sentinels call by that name
 *   <li>{@code redis+cluster://[user:password@]host[:port],…}: a cluster, by some of its nodes
 * </ul>
 *
 * {@code rediss} for {@code redis} means TLS. User and password are percent-encoded. {@link #toString} has no password.
 *
 * @param tls whether every connection is TLS
 * @param user the ACL user, or null for the default one
 * @param password null for none
 * @param addresses of the server, the sentinels, or some nodes of the cluster
 * @param database only for {@link Shape#STANDALONE}, else 0
 * @param masterName only for {@link Shape#SENTINEL}, else null
 */
public record RedisUrl(
        Shape shape,
        boolean tls,
        String user,
        String password,
        List<Address> addresses,
        int database,
        String masterName) {

    /** How a deployment of Redis is put together. */
    public enum Shape {
        STANDALONE,
        SENTINEL,
        CLUSTER
    }

    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final Pattern URL =
            Pattern.compile("(redis|rediss)(?:\\+(sentinel|cluster))?://(?:([^@/]*)@)?([^/@?#]+)(?:/([^/?#]*))?");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

    /** @throws IllegalArgumentException with a sentence for the user, which does not repeat the password */
    public static RedisUrl parse(String url) {
        Matcher match = URL.matcher(url);
        if (!match.matches()) {
            throw new IllegalArgumentException("not a Redis URL: expected redis://host:port[/database],"
                    + " redis+sentinel://host:port,…/master-name or redis+cluster://host:port,…"
                    + " (rediss for TLS)");
        }
        Shape shape = match.group(2) == null
                ? Shape.STANDALONE
                : match.group(2).equals("sentinel") ? Shape.SENTINEL : Shape.CLUSTER;
        String path = match.group(5) == null ? "" : match.group(5);
        int defaultPort = shape == Shape.SENTINEL ? SENTINEL_PORT : REDIS_PORT;
        List<Address> addresses = Arrays.stream(match.group(4).split(",", -1))
                .map(host -> address(host, defaultPort))
                .toList();
        if (shape == Shape.STANDALONE && addresses.size() > 1) {
            throw new IllegalArgumentException(
                    "redis:// takes one host; several need redis+sentinel:// or redis+cluster://");
        }
        if (shape == Shape.CLUSTER && !path.isEmpty()) {
            throw new IllegalArgumentException("redis+cluster:// takes no path: a cluster has one database");
        }
        if (shape == Shape.SENTINEL && path.isEmpty()) {
            throw new IllegalArgumentException("redis+sentinel:// needs the master's name as its path");
        }
        return new RedisUrl(
                shape,
                match.group(1).equals("rediss"),
                credential(match.group(3), 0),
                credential(match.group(3), 1),
                addresses,
                shape == Shape.STANDALONE ? database(path) : 0,
                shape == Shape.SENTINEL ? path : null);
    }

    private static Address address(String text, int defaultPort) {
        Matcher match = HOST.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("not a host and port: " + text);
        }
        String host = match.group(1).replaceAll("[\\[\\]]", "");
        return new Address(host, match.group(2) == null ? defaultPort : Integer.parseInt(match.group(2)));
    }

    private static int database(String path) {
        if (!path.matches("\\d{0,4}")) {
            throw new IllegalArgumentException("the path of redis:// is the number of a database, not: " + path);
        }
        return path.isEmpty() ? 0 : Integer.parseInt(path);
    }

    /** {@code user:password}, {@code :password} or {@code password}. */
    private static String credential(String userInfo, int index) {
        if (userInfo == null) {
            return null;
        }
        int colon = userInfo.indexOf(':');
        String text = index == 0 ? userInfo.substring(0, Math.max(0, colon)) : userInfo.substring(colon + 1);
        return text.isEmpty() ? null : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns the same with another user, null for the default one, and password, null for none. */
    public RedisUrl withCredentials(String otherUser, String otherPassword) {
        return new RedisUrl(shape, tls, otherUser, otherPassword, addresses, database, masterName);
    }

    @Override
    public String toString() {
        String scheme = (tls ? "rediss" : "redis")
                + (shape == Shape.STANDALONE ? "" : "+" + shape.name().toLowerCase(java.util.Locale.ROOT));
        String hosts = addresses.stream().map(Address::toString).collect(Collectors.joining(","));
        String path = masterName != null ? "/" + masterName : database > 0 ? "/" + database : "";
        return scheme + "://" + (password == null ? "" : "…@") + hosts + path;
    }
}
