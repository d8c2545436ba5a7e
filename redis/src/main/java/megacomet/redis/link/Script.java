package megacomet.redis.link;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Lua script from a resource file. A line {@code -- with name.lua} stands for the text of that file, because Redis
 * itself has no way to share code between scripts.
 */
public final class Script {

    private static final Pattern WITH = Pattern.compile("(?m)^-- with (\\S+\\.lua)$");

    private final String verb;
    private final byte[] text;
    private final byte[] sha1;

    private Script(String verb, String text) {
        this.verb = verb;
        this.text = text.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(this.text);
            this.sha1 = HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }

    /** Reads {@code verb.lua}, which stands beside {@code owner}. */
    public static Script load(Class<?> owner, String verb) {
        Matcher with = WITH.matcher(resource(owner, verb + ".lua"));
        String text = with.replaceAll(match -> Matcher.quoteReplacement(resource(owner, match.group(1))));
        return new Script(verb, text);
    }

    /** What the script does, in a word; its file's name. */
    public String verb() {
        return verb;
    }

    /** A call of this script. Arguments are text, numbers or bytes. */
    public Call call(List<byte[]> keys, Object... arguments) {
        return new Call(this, keys, List.of(arguments));
    }

    /** One call, which may be sent more than once. */
    public record Call(Script script, List<byte[]> keys, List<?> arguments) {

        /** By the script's hash: the server must have seen the text before. */
        Request byHash() {
            return request(Command.EVALSHA, script.sha1);
        }

        /** By the script's text, which teaches it to the server. */
        Request byText() {
            return request(Command.EVAL, script.text);
        }

        private Request request(Command command, byte[] which) {
            Request request = Request.cmd(command).arg(which).arg(keys.size());
            keys.forEach(request::arg);
            for (Object argument : arguments) {
                if (argument instanceof byte[] bytes) {
                    request.arg(bytes);
                } else if (argument instanceof Number number) {
                    request.arg(number.longValue());
                } else {
                    request.arg(argument.toString());
                }
            }
            return request;
        }
    }

    private static String resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no script " + name + " beside " + owner.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
