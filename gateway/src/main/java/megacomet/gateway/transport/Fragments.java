package megacomet.gateway.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import megacomet.model.Message;

/**
 * Messages of topics as they stand in answers, each encoded once for all who get it in the same form. A topic's message
 * comes to a loop as one object for all its followers there, at once; so the few latest are all that need be remembered,
 * and looking for one is a comparison or two. For one event loop.
 */
public final class Fragments {

    private static final int MAX_MESSAGES = 16;

    /** How much is kept of messages that may interest nobody any more. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int BYTES_BESIDE_DATA = 64;

    private final boolean isForScript;
    private final Form form;
    /** The latest first. */
    private final Deque<Fragment> recent = new ArrayDeque<>();

    private int bytes;

    private record Fragment(Message message, byte[] json) {}

    /** How a message stands in an answer. */
    public interface Form {
        void write(Message message, JsonBytes out);
    }

    Fragments(boolean isForScript) {
        this(isForScript, Fragments::write);
    }

    /** @param isForScript whether strings are escaped for a script */
    public Fragments(boolean isForScript, Form form) {
        this.isForScript = isForScript;
        this.form = form;
    }

    /** Whether strings are escaped for a script. */
    boolean isForScript() {
        return isForScript;
    }

    /** Returns the message as it stands in an answer. */
    public byte[] of(Message message) {
        for (Fragment fragment : recent) {
            if (fragment.message == message) {
                return fragment.json;
            }
        }
        Fragment fragment = new Fragment(message, encode(message));
        recent.addFirst(fragment);
        bytes += fragment.json.length;
        while (recent.size() > MAX_MESSAGES || bytes > MAX_BYTES) {
            bytes -= recent.removeLast().json.length;
        }
        return fragment.json;
    }

    private byte[] encode(Message message) {
        JsonBytes out = new JsonBytes(message.data().length + BYTES_BESIDE_DATA, isForScript);
        form.write(message, out);
        return out.toBytes();
    }

    /** Writes a message without remembering it: one of a mailbox is for one client alone. */
    static void write(Message message, JsonBytes out) {
        out.ascii("{");
        if (message.topic() != null) {
            out.ascii("\"topic\":\"").ascii(message.topic().value()).ascii("\",");
        }
        out.ascii("\"seq\":").number(message.number());
        out.ascii(",\"at\":").number(message.atMs());
        if (message.key() != null) {
            out.ascii(",\"key\":").string(message.key());
        }
        out.ascii(",\"data\":").json(message.data()).ascii("}");
    }
}
