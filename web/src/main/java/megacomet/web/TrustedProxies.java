package megacomet.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The proxies and load balancers whose word about the browser is taken: {@code X-Forwarded-For} and
 * {@code X-Forwarded-Proto} count only on connections from their addresses, because anybody can send such headers.
 */
public final class TrustedProxies {

    /** Nobody's word is taken. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final List<Network> networks = new ArrayList<>();

    private record Network(byte[] address, int prefixBits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefixBits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @throws IllegalArgumentException unless each is an address or {@code address/bits} */
    public TrustedProxies(List<String> networks) {
        networks.forEach(network -> this.networks.add(parse(network)));
    }

    private static Network parse(String text) {
        String[] parts = text.split("/", -1);
        byte[] address = bytesOf(parts[0]);
        boolean hasBits = parts.length == 2 && parts[1].matches("\\d{1,3}");
        int bits = hasBits ? Integer.parseInt(parts[1]) : address == null ? 0 : address.length * 8;
        if (address == null || parts.length > 2 || parts.length == 2 && !hasBits || bits > address.length * 8) {
            throw new IllegalArgumentException("not an address or network (10.0.0.0/8): " + text);
        }
        return new Network(address, bits);
    }

    /** Returns the bytes of a literal address, or null; never asks a name server. */
    private static byte[] bytesOf(String literal) {
        if (!literal.matches("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return null;
        }
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether the other end of the request's connection is one of them. */
    public boolean isTrusted(SocketAddress peer) {
        if (networks.isEmpty() || peer == null || peer.hostAddress() == null) {
            return false;
        }
        byte[] address = bytesOf(peer.hostAddress());
        return address != null && networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Returns whom the request is from: the last address in X-Forwarded-For that is no trusted proxy itself. */
    public String client(HttpServerRequest request) {
        SocketAddress peer = request.remoteAddress();
        String client = peer == null ? "unknown" : peer.hostAddress();
        if (!isTrusted(peer)) {
            return client;
        }
        // Some proxies add to the line that is there, some add a line; what the browser itself sent comes first in
        // both.
        String[] hops =
                String.join(",", request.headers().getAll("x-forwarded-for")).split(",");
        for (int i = hops.length - 1; i >= 0; i--) {
            byte[] address = bytesOf(hops[i].strip());
            if (address == null) {
                return client;
            }
            client = hops[i].strip();
            if (networks.stream().noneMatch(network -> network.contains(address))) {
                return client;
            }
        }
        return client;
    }

    /** Returns {@code http} or {@code https}, as the browser used it. */
    public String scheme(HttpServerRequest request) {
        if (!networks.isEmpty() && isTrusted(request.remoteAddress())) {
            String[] hops = String.join(",", request.headers().getAll("x-forwarded-proto"))
                    .split(",");
            String nearest = hops[hops.length - 1].strip().toLowerCase(Locale.ROOT);
            if (nearest.equals("http") || nearest.equals("https")) {
                return nearest;
            }
        }
        return request.isSSL() ? "https" : "http";
    }
}
