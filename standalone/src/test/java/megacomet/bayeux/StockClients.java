package megacomet.bayeux;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import megacomet.fixture.Chromium;

/** Every stock client, on every transport that it has. */
final class StockClients {

    /** Those outside a browser that are not yesterday's have this many messages to take, and others, to save time, fewer. */
    private static final int MESSAGES = 1_000;

    /** {@code make test-bayeux-long} has it be as many for all. */
    private static final int MESSAGES_OF_OTHERS = Integer.getInteger("megacomet.bayeux.messagesOfOthers", 200);

    /** One of them, and how many messages it is to take in a row. */
    record Kind(String name, String transport, int messages, Supplier<StockClient> maker) {
        @Override
        public String toString() {
            return name + " by " + transport;
        }
    }

    private StockClients() {}

    /** Those in Node: CometD of this year and of two that many still have, Faye likewise. */
    static List<Kind> inNode() {
        List<Kind> kinds = new ArrayList<>();
        for (String library : List.of("cometd-9", "cometd-7", "cometd-4", "faye-1.4", "faye-1.2")) {
            for (String transport : List.of("long-polling", "websocket")) {
                kinds.add(new Kind(
                        library + " in Node",
                        transport,
                        List.of("cometd-9", "faye-1.4").contains(library) ? MESSAGES : MESSAGES_OF_OTHERS,
                        () -> new ScriptedClient(NodeScript.start(library, transport, false))));
            }
        }
        return kinds;
    }

    static List<Kind> inJava() {
        List<Kind> kinds = new ArrayList<>();
        for (String transport : List.of("long-polling", "websocket")) {
            kinds.add(new Kind("CometD in Java", transport, MESSAGES, () -> new CometdJavaClient(transport, false)));
        }
        return kinds;
    }

    /** Those in a page that is from the server's own origin, or, where they need that for it, from another. */
    static List<Kind> inChromium(Chromium chromium, int port) {
        List<Kind> kinds = new ArrayList<>();
        String same = "http://127.0.0.1:" + port;
        String other = "http://localhost:" + port;
        for (String transport : List.of("long-polling", "callback-polling", "websocket")) {
            kinds.add(inPage(chromium, same, "cometd-9", transport));
        }
        for (String library : List.of("faye-1.4", "faye-1.2")) {
            for (String transport : List.of("long-polling", "websocket", "eventsource")) {
                kinds.add(inPage(chromium, same, library, transport));
            }
            for (String transport : List.of("callback-polling", "cross-origin-long-polling")) {
                kinds.add(inPage(chromium, other, library, transport));
            }
        }
        return kinds;
    }

    private static Kind inPage(Chromium chromium, String origin, String library, String transport) {
        return new Kind(
                library + " in Chromium",
                transport,
                MESSAGES_OF_OTHERS,
                () -> new ScriptedClient(new PageScript(chromium, origin, library, transport)));
    }
}
