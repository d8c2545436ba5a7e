package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.hold.Outlet;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Message;
import megacomet.redis.Publisher;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.Sessions;
import megacomet.web.Rate;
import megacomet.web.RateLimit;

/**
 * Several sessions of one browser. A browser has few connections to a host (six, over HTTP/1.1), and connects that are held
 * would use them up; so only so many of its sessions are held, and the others are told to come again after a while
 * ({@code multiple-clients}). Which sessions are a browser's is known by its cookie, and who has a place by a lease in Redis:
 * that is approximate, and errs harmlessly.
 *
 * <p>One that comes sooner than it was told is answered once a second.
 *
 * <p>A session that gave itself a name in its handshake, {@code ext["com.megacomet.tabs"].key}, need not come in vain. While it
 * is away its messages are watched for, and when there are any, the session that is held is told its name, in {@code ext} of
 * the connect's reply; pages of one browser can pass that on. The names travel by the mailbox of the session that is held, at
 * most one a second.
 */
final class Tabs {

    private static final String EXTENSION = "com.megacomet.tabs";
    private static final byte[] NOTICE = ("{\"" + EXTENSION + "\":").getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_NAME_LENGTH = 64;
    private static final long NOTICE_LIFE_MS = 60_000;
    private static final Rate ONCE_A_SECOND = new Rate(1, 1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx;
    private final BayeuxOptions options;
    private final Sessions sessions;
    private final WaitingRoom room;
    private final Advices advices;
    private final Publisher publisher;
    private final RateLimit<ClientId> floodLimit = new RateLimit<>(ONCE_A_SECOND);
    private final RateLimit<ClientId> noticeLimit = new RateLimit<>(ONCE_A_SECOND);

    Tabs(
            Vertx vertx,
            BayeuxOptions options,
            Sessions sessions,
            WaitingRoom room,
            Advices advices,
            Publisher publisher) {
        this.vertx = vertx;
        this.options = options;
        this.sessions = sessions;
        this.room = room;
        this.advices = advices;
        this.publisher = publisher;
    }

    /** Returns the name that a handshake's session gives itself, or null. */
    static String nameIn(BayeuxMessage handshake) {
        JsonNode name = handshake.extension(EXTENSION).path("key");
        return name.isTextual() && name.asText().length() <= MAX_NAME_LENGTH ? name.asText() : null;
    }

    // ---- who is held

    /** Lets a connect be held if its browser has a place for it; else it is answered at once. */
    void admit(PolledHold polled, Visitor visitor, Cursor cursor, long timeoutMs) {
        String browser = polled.exchange.peer.browser().hash();
        long leaseMs = timeoutMs + options.silentMs();
        sessions.take(browser, polled.client, options.maxSessionsPerBrowser(), leaseMs)
                .onSuccess(holders -> {
                    if (holders.isEmpty()) {
                        polled.has(browser);
                        polled.seat(room, visitor, cursor, timeoutMs);
                    } else {
                        turnAway(polled, visitor, cursor, holders.get(0));
                    }
                })
                // Better one connection too many than a client that hears nothing.
                .onFailure(failure -> polled.seat(room, visitor, cursor, timeoutMs));
    }

    private void turnAway(PolledHold polled, Visitor visitor, Cursor cursor, ClientId holder) {
        long waitMs = floodLimit.take(polled.client, 1);
        if (waitMs > 0) {
            polled.tooOften(waitMs);
            return;
        }
        polled.advise(advices.multipleClients());
        if (visitor.tab() != null) {
            polled.afterwards(
                    after -> watch(polled, after == null ? cursor : Cursor.parse(after), visitor.tab(), holder));
        }
        polled.seat(room, visitor, cursor, 0);
    }

    // ---- what the others miss

    /** Waits for messages of a session that was turned away. They stay where they are, because nothing says that it has them. */
    private void watch(PolledHold polled, Cursor cursor, String tab, ClientId holder) {
        Outlet watcher = new Outlet() {
            @Override
            public void answer(Answer answer) {
                if (answer.ended() == null && !answer.messages().isEmpty()) {
                    tell(holder, tab);
                }
            }

            @Override
            public void refuse(EndReason why, long retryAfterMs) {
                // The session comes again by itself.
            }

            @Override
            public boolean isStream() {
                return false;
            }

            @Override
            public boolean isToldWhy() {
                return true;
            }
        };
        Hold hold = new Hold(watcher, polled.exchange.peer.transport(), (int) options.maxIntervalMs(), cursor != null);
        room.seat(polled.client, polled.page(), hold, cursor);
    }

    private void tell(ClientId holder, String tab) {
        long waitMs = noticeLimit.take(holder, 1);
        if (waitMs > 0) {
            vertx.setTimer(waitMs, later -> tell(holder, tab));
            return;
        }
        ObjectNode notice = JSON.createObjectNode();
        notice.putObject(EXTENSION).putArray("pending").add(tab);
        byte[] data = notice.toString().getBytes(StandardCharsets.UTF_8);
        // If it cannot be told, the other session comes by itself after its interval.
        publisher.publish(holder, new Publication(data, NOTICE_LIFE_MS, null));
    }

    /** Returns the messages without those that are notices for the session itself, which go into the reply. */
    static List<Message> takeNotices(List<Message> messages, ObjectNode reply) {
        if (messages.stream().noneMatch(Tabs::isNotice)) {
            return messages;
        }
        ArrayNode pending = reply.withObjectProperty("ext").putObject(EXTENSION).putArray("pending");
        List<Message> others = new ArrayList<>();
        for (Message message : messages) {
            if (isNotice(message)) {
                names(message).forEach(pending::add);
            } else {
                others.add(message);
            }
        }
        return others;
    }

    static boolean isNotice(Message message) {
        return message.topic() == null
                && message.data().length > NOTICE.length
                && Arrays.equals(message.data(), 0, NOTICE.length, NOTICE, 0, NOTICE.length);
    }

    private static Iterable<JsonNode> names(Message message) {
        try {
            return JSON.readTree(message.data()).path(EXTENSION).path("pending");
        } catch (IOException e) {
            throw new UncheckedIOException("a mailbox has nothing but JSON", e);
        }
    }
}
