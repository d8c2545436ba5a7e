package megacomet.embedded;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One Redis command on a connection of its own, blocking: enough to see that a server is up and to put a cluster
 * together, and nothing that a product's path would use.
 */
final class Wire {

    private static final int TIMEOUT_MS = 3_000;

    private Wire() {}

    /**
     * Sends one command and returns its reply, arrays as their elements on a line each.
     *
     * @param password with which to authenticate first, or null
     * @throws IOException if the server cannot be reached, does not answer within 3 s or answers with an error
     */
    static String command(int port, String password, String... words) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            if (password != null) {
                socket.getOutputStream().write(request("AUTH", password));
                reply(in);
            }
            socket.getOutputStream().write(request(words));
            return reply(in);
        }
    }

    private static byte[] request(String... words) {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            request.append('$').append(word.length()).append("\r\n");
            request.append(word).append("\r\n");
        }
        return request.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reply(DataInputStream in) throws IOException {
        String line = line(in);
        char type = line.charAt(0);
        String rest = line.substring(1);
        switch (type) {
            case '+', ':':
                return rest;
            case '-':
                throw new IOException(rest);
            case '$':
                int length = Integer.parseInt(rest);
                if (length < 0) {
                    return null;
                }
                byte[] bulk = in.readNBytes(length);
                in.readNBytes(2);
                return new String(bulk, StandardCharsets.ISO_8859_1);
            case '*':
                List<String> elements = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    elements.add(reply(in));
                }
                return String.join("\n", elements);
            default:
                throw new IOException("not a Redis reply: " + line);
        }
    }

    private static String line(DataInputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.write(b);
        }
        in.read();
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
