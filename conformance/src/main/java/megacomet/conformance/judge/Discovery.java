package megacomet.conformance.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Browser;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.Waiting;
import megacomet.conformance.wire.Wires;

/**
 * What the server tells of itself, once before the statements: the transports it offers and the times it advises.
 *
 * @param offered the connection types of its handshake reply, of those that are known here
 * @param advice of its handshake reply, or else of its first connect reply; an empty object if it has none
 */
public record Discovery(Set<Transport> offered, JsonNode advice) {

    /** Asks the server. */
    public static Discovery of(Wires wires, JsonNode credentials, long patienceMs) {
        Session session = wires.session(Transport.LONG_POLLING, Browser.fresh(), credentials, patienceMs);
        ObjectNode request = session.handshakeMessage();
        request.set(
                "supportedConnectionTypes",
                Json.value(Transport.EVERY.stream().map(Transport::type).toList()));
        Answer answer = Waiting.on(session.sendLater(request));
        JsonNode reply = answer.replyTo(request);
        Expect.that(reply.path("successful").asBoolean(), "a successful handshake", answer);
        session.as(reply.path("clientId").asText());
        Set<Transport> offered = EnumSet.noneOf(Transport.class);
        for (Transport transport : Transport.values()) {
            for (JsonNode type : reply.path("supportedConnectionTypes")) {
                if (transport.type().equals(type.asText())) {
                    offered.add(transport);
                }
            }
        }
        ObjectNode advice = Json.object();
        session.hurriedConnect().messages().forEach(message -> merge(advice, message.path("advice")));
        merge(advice, reply.path("advice"));
        session.sendLater(session.message("/meta/disconnect"));
        return new Discovery(offered, advice);
    }

    /** Returns a number of the advice, if it is there. */
    public OptionalLong number(String name) {
        return advice.path(name).isNumber() ? OptionalLong.of(advice.path(name).asLong()) : OptionalLong.empty();
    }

    private static void merge(ObjectNode advice, JsonNode more) {
        if (more instanceof ObjectNode object) {
            advice.setAll(object);
        }
    }
}
