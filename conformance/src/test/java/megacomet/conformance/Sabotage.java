package megacomet.conformance;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.cometd.bayeux.Promise;
import org.cometd.bayeux.server.BayeuxServer;
import org.cometd.bayeux.server.ServerMessage;
import org.cometd.bayeux.server.ServerSession;

/**
 * One thing that is broken in an otherwise working server. Each constructor is a misfortune, and names the statement that
 * must notice it.
 *
 * @param extension what it does to messages
 * @param filter what it does to HTTP
 */
record Sabotage(String name, int statement, String transport, BayeuxServer.Extension extension, Filter filter) {

    private static final Filter HONEST_HTTP = (request, response, chain) -> chain.doFilter(request, response);
    private static final String POST = "long-polling";
    private static final String SCRIPT = "callback-polling";
    private static final String SOCKET = "websocket";

    @Override
    public String toString() {
        return statement + " " + transport + ": " + name;
    }

    /** At least one for every chapter of the catalogue. */
    static List<Sabotage> all() {
        List<Sabotage> all = new ArrayList<>();
        // Envelope
        for (String transport : List.of(POST, SCRIPT, SOCKET)) {
            all.add(reply("idOfAReplyIsChanged", 3, transport, "/meta/subscribe", m -> m.setId("other")));
        }
        all.add(lostReply("aReplyOfABatchIsLeftOut", 1, "/meta/unsubscribe"));
        all.add(header("responseIsHtml", 81, POST, "Content-Type", "text/html"));
        // Handshake
        all.add(reply("handshakeHasNoVersion", 12, POST, "/meta/handshake", m -> m.remove("version")));
        all.add(reply("handshakeHasNoVersionOverASocket", 12, SOCKET, "/meta/handshake", m -> m.remove("version")));
        all.add(reply("everyClientIdIsTheSame", 86, POST, "/meta/handshake", m -> m.setClientId("same")));
        all.add(reply("handshakeAdvisesNothing", 18, SCRIPT, "/meta/handshake", m -> m.remove("advice")));
        all.add(reply("rejectionGivesNoError", 20, POST, "/meta/handshake", m -> m.remove("error")));
        all.add(reply("rejectedMayTryAgain", 87, POST, "/meta/handshake", Sabotage::adviseRetry));
        // Connect
        all.add(reply("unknownClientIsWelcome", 29, POST, "/meta/connect", m -> m.setSuccessful(true)));
        all.add(reply("unknownClientIsLeftAlone", 90, SOCKET, "/meta/connect", m -> m.remove("advice")));
        all.add(delivery("anEventIsLost", 26, POST, (to, m) -> !"2".equals(String.valueOf(m.getData()))));
        all.add(delivery("eventsComeWithoutTheirData", 25, POST, (to, m) -> m.remove("data") != null));
        // Expiry
        all.add(reply("disconnectFails", 36, POST, "/meta/disconnect", m -> m.setSuccessful(false)));
        all.add(lostReply("disconnectOfAStrangerIsNotAnswered", 38, "/meta/disconnect"));
        all.add(reply("expiredSessionConnects", 33, SCRIPT, "/meta/connect", m -> m.setSuccessful(true)));
        // Subscribe
        all.add(reply("subscriptionIsNotRepeated", 39, POST, "/meta/subscribe", m -> m.remove("subscription")));
        all.add(reply("metaMayBeSubscribed", 43, SOCKET, "/meta/subscribe", m -> m.setSuccessful(true)));
        all.add(request(
                "unsubscriptionIsIgnored", 45, POST, "/meta/unsubscribe", m -> m.put("subscription", "/other")));
        // Publish
        all.add(delivery("clientIdLeaks", 49, POST, Sabotage::leakClientId));
        all.add(request("oneStarIsTwo", 51, POST, "/meta/subscribe", Sabotage::widen));
        all.add(delivery("falseBecomesNothing", 55, SOCKET, (to, m) -> !Boolean.FALSE.equals(m.getData())));
        all.add(delivery("oneOfAThousandIsLost", 59, POST, (to, m) -> !"500".equals(String.valueOf(m.getData()))));
        all.add(leaking("everythingIsDeliveredTwice", 52, POST, channel -> !channel.startsWith("/service/")));
        all.add(leaking("servicesLeak", 54, POST, channel -> channel.startsWith("/service/")));
        // Advice
        all.add(reply("adviceHasNoTimeout", 61, POST, "/meta/connect", Sabotage::adviseRetry));
        all.add(reply("errorsAreProse", 62, POST, "/meta/subscribe", Sabotage::prose));
        all.add(reply("secondTabIsNotTold", 63, POST, "/meta/connect", m -> m.remove("advice")));
        // callback-polling
        all.add(header("scriptIsPlainText", 68, SCRIPT, "Content-Type", "text/plain"));
        // websocket
        all.add(delivery("nothingIsPushed", 74, SOCKET, (to, m) -> false));
        all.add(reply("connectFailsOverASocket", 73, SOCKET, "/meta/connect", m -> m.setSuccessful(false)));
        // Extensions
        all.add(request("everythingCountsAsAcknowledged", 77, POST, "/meta/connect", Sabotage::acknowledgeAll));
        all.add(reply("clientsClockIsForgotten", 78, POST, "/meta/handshake", Sabotage::forgetClock));
        all.add(header("everyOriginIsWelcome", 80, POST, "Access-Control-Allow-Origin", "*"));
        return all;
    }

    /** What is done to one message. */
    private interface Change {
        void to(ServerMessage.Mutable message);
    }

    private static Sabotage reply(String name, int statement, String transport, String channel, Change change) {
        return new Sabotage(
                name,
                statement,
                transport,
                new BayeuxServer.Extension() {
                    @Override
                    public boolean sendMeta(ServerSession to, ServerMessage.Mutable message) {
                        if (channel.equals(message.getChannel())) {
                            change.to(message);
                        }
                        return true;
                    }
                },
                HONEST_HTTP);
    }

    private static Sabotage lostReply(String name, int statement, String channel) {
        return new Sabotage(
                name,
                statement,
                POST,
                new BayeuxServer.Extension() {
                    @Override
                    public boolean sendMeta(ServerSession to, ServerMessage.Mutable message) {
                        return !channel.equals(message.getChannel());
                    }
                },
                HONEST_HTTP);
    }

    private static Sabotage request(String name, int statement, String transport, String channel, Change change) {
        return new Sabotage(
                name,
                statement,
                transport,
                new BayeuxServer.Extension() {
                    @Override
                    public boolean rcvMeta(ServerSession from, ServerMessage.Mutable message) {
                        if (channel.equals(message.getChannel())) {
                            change.to(message);
                        }
                        return true;
                    }
                },
                HONEST_HTTP);
    }

    /** @param passes does its damage, and says whether the event is delivered at all */
    private static Sabotage delivery(
            String name, int statement, String transport, BiPredicate<ServerSession, ServerMessage.Mutable> passes) {
        return new Sabotage(
                name,
                statement,
                transport,
                new BayeuxServer.Extension() {
                    @Override
                    public boolean send(ServerSession from, ServerSession to, ServerMessage.Mutable message) {
                        return message.isPublishReply() || passes.test(to, message);
                    }
                },
                HONEST_HTTP);
    }

    /** What is published to such channels is delivered once more, to everybody. */
    private static Sabotage leaking(String name, int statement, String transport, Predicate<String> channels) {
        Set<ServerSession> sessions = ConcurrentHashMap.newKeySet();
        return new Sabotage(
                name,
                statement,
                transport,
                new BayeuxServer.Extension() {
                    @Override
                    public boolean rcv(ServerSession from, ServerMessage.Mutable message) {
                        if (channels.test(message.getChannel())) {
                            String channel = message.getChannel();
                            sessions.forEach(to -> to.deliver(null, channel, message.getData(), Promise.noop()));
                        }
                        return true;
                    }

                    @Override
                    public boolean rcvMeta(ServerSession from, ServerMessage.Mutable message) {
                        if (from != null) {
                            sessions.add(from);
                        }
                        return true;
                    }
                },
                HONEST_HTTP);
    }

    private static Sabotage header(String name, int statement, String transport, String header, String value) {
        Filter filter = (request, response, chain) -> {
            ((HttpServletResponse) response).setHeader(header, value);
            chain.doFilter(request, new FixedHeader((HttpServletResponse) response, header));
        };
        return new Sabotage(name, statement, transport, new BayeuxServer.Extension() {}, filter);
    }

    private static void adviseRetry(ServerMessage.Mutable message) {
        if (message.getAdvice() != null) {
            message.put("advice", new HashMap<>(Map.of("reconnect", "retry", "interval", 0)));
        }
    }

    private static boolean leakClientId(ServerSession to, ServerMessage.Mutable message) {
        message.setClientId("somebodys");
        return true;
    }

    private static void widen(ServerMessage.Mutable message) {
        String subscription = String.valueOf(message.get("subscription"));
        if (subscription.endsWith("/*")) {
            message.put("subscription", subscription + "*");
        }
    }

    private static void prose(ServerMessage.Mutable message) {
        if (!message.isSuccessful()) {
            message.put("error", "No, sorry: that is \"denied\"");
        }
    }

    private static void acknowledgeAll(ServerMessage.Mutable message) {
        if (message.getExt() != null && message.getExt().containsKey("ack")) {
            message.getExt(true).put("ack", 1_000_000);
        }
    }

    private static void forgetClock(ServerMessage.Mutable message) {
        if (message.getExt() != null) {
            message.getExt(true).put("timesync", new HashMap<>(Map.of("tc", 0, "ts", 0, "p", 0)));
        }
    }
}
