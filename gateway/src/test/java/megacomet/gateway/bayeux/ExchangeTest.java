package megacomet.gateway.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import megacomet.model.ClientId;
import org.junit.jupiter.api.Test;

/** What an exchange may cost, and what of it is a sign of life. */
class ExchangeTest {

    private static final ClientId SESSION = new ClientId(ClientId.SESSION_PREFIX + "abcdefghijklmnopqrstuv");

    /** The names of the methods that were called. */
    private final List<String> said = new ArrayList<>();

    private final Peer peer = (Peer)
            Proxy.newProxyInstance(Peer.class.getClassLoader(), new Class<?>[] {Peer.class}, (proxy, method, args) -> {
                said.add(method.getName());
                return method.getReturnType() == boolean.class ? false : null;
            });

    private Exchange exchange(String text) {
        return new Exchange(null, peer, MessageReader.read(text));
    }

    @Test
    void noMessagesAreAnsweredAndAreNoSignOfLife() {
        exchange("[]").run();
        assertTrue(said.contains("write"));
        assertFalse(said.contains("lives"));
    }

    @Test
    void onlyAMessageThatWasLetIntoItsSessionIsASignOfLife() {
        Exchange exchange = exchange("[{},{}]");
        exchange.knows(SESSION, null);
        assertFalse(said.contains("lives"));
        exchange.knows(SESSION, Visitor.ANYBODY);
        assertTrue(said.contains("lives"));
    }

    @Test
    void noFailureButAMissingCookieIsThePeersOwn() {
        Exchange exchange = exchange("[]");
        exchange.isRefused(new IllegalStateException());
        assertEquals(List.of(), said);
    }

    @Test
    void fiveHundredMessagesTogetherMayAskRedisForAKnownAmount() {
        String batch = String.join(
                ",",
                Collections.nCopies(500, "{\"channel\":\"/service/status\",\"clientId\":\"abcdefghijklmnopqrstuv\"}"));
        Exchange exchange = exchange("[" + batch + "]");
        long answered = MessageReader.read("[" + batch + "]").stream()
                .filter(message -> exchange.affords(Work.of(message)))
                .count();
        assertEquals(15, answered);
    }

    @Test
    void allThatASessionMayFollowIsLeftAndFollowedAgainInOneExchange() {
        Exchange exchange = exchange("[]");
        assertTrue(exchange.affords(Work.A_SESSION + Subscription.MAX_CHANNELS));
        assertTrue(exchange.affords(Subscription.MAX_CHANNELS));
        assertTrue(exchange.affords(Work.A_CONNECT));
        assertFalse(exchange.affords(Subscription.MAX_CHANNELS));
    }
}
