package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;

/**
 * The Bayeux sessions, for one event loop. Each is a client of its own, with a mailbox and an owner like any other; what is
 * here is what makes it a session: who it is, whose browser's, how far the client was told, and for how long it lives.
 *
 * <p>Nothing of a session is anywhere but in Redis, so each message of it may come to any loop of any node.
 *
 * <p><b>What is sent is noted before it is written</b> ({@link #sent}), and confirmed by the next connect. So a reply that was
 * lost can be told from one that arrived, as far as the client's hints and acknowledgements allow.
 *
 * <p>All methods are called on the event loop; futures complete there. They fail with {@link
 * megacomet.redis.link.RedisUnavailable} when Redis did not answer within the deadline; repeating any of them is harmless.
 */
public final class Sessions {

    /** The most topics and patterns that one session follows, and how many of them may be patterns. */
    public static final int MAX_FOLLOWS = Cursor.MAX_TOPICS;

    public static final int MAX_PATTERNS = 10;

    private static final Script OPEN = Script.load(Store.class, "session_open");
    private static final Script ENTER = Script.load(Store.class, "session_enter");
    private static final Script CONNECT = Script.load(Store.class, "session_connect");
    private static final Script SENT = Script.load(Store.class, "session_sent");
    private static final Script PUSHED = Script.load(Store.class, "session_pushed");
    private static final Script FOLLOW = Script.load(Store.class, "session_follow");
    private static final Script UNFOLLOW = Script.load(Store.class, "session_unfollow");
    private static final Script IS_THERE = Script.load(Store.class, "session_is_there");
    private static final Script CLOSE = Script.load(Store.class, "session_close");
    private static final Script COUNT = Script.load(Store.class, "session_count");
    private static final Script TAKE = Script.load(Store.class, "browser_take");
    private static final ClientId NOBODY = new ClientId("nobody");
    private static final Script LEAVE = Script.load(Store.class, "browser_leave");

    private final Masters masters;
    private final EachMaster eachMaster;
    private final Keys keys;
    private final StoreOptions options;
    private final Beginnings beginnings;

    Sessions(Masters masters, Topology topology, Keys keys, StoreOptions options, Beginnings beginnings) {
        this.masters = masters;
        this.eachMaster = new EachMaster(masters, topology, keys.partitions());
        this.keys = keys;
        this.options = options;
        this.beginnings = beginnings;
    }

    /**
     * Where a message came from.
     *
     * @param hash of the cookie by which the browser is known, or empty if it sent none
     * @param isStrict whether a message without a cookie may not be the one that decides whose a session is
     */
    public record Browser(String hash, boolean isStrict) {
        private List<Object> arguments() {
            return List.of(hash, isStrict ? 1 : 0);
        }
    }

    /** Whose a session is when it begins; it never changes once it is decided. */
    public record Binding(String stored) {
        /** The session's first message decides: it is bound to the cookie of that message, or to none. */
        public static final Binding UNDECIDED = new Binding("");

        /** Whoever knows the session's id may use it. */
        public static final Binding NONE = new Binding("-");

        /** Only messages that bring the cookie of this hash are the session's. */
        public static Binding to(String hash) {
            return new Binding(hash);
        }
    }

    /** A session is bound to a cookie, or may only be used with one, and the message brought none. Nothing was changed. */
    public static final class CookieMissing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private CookieMissing() {
            super("the session is only for the browser whose cookie it has", null, false, false);
        }
    }

    /** A session has done nothing but connect for too long: it is to be ended. */
    public static final class Inactive extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Inactive() {
            super("the session was inactive", null, false, false);
        }
    }

    /**
     * A connect.
     *
     * @param id of the message, or empty
     * @param isHurried whether it asks to be answered at once, as clients do after a failure
     * @param acknowledged the latest batch that the client has, or null if it does not say
     * @param push whether messages are pushed beside it, so that its reply says nothing of how far the client is
     * @param heldLifeMs for how long the session lives from now on if the connect is held
     * @param shortLifeMs the same if it is not
     */
    public record Connect(
            String id, boolean isHurried, Long acknowledged, Push push, long heldLifeMs, long shortLifeMs) {}

    /** Whether a connect's session is pushed messages; the scripts know these by their place. */
    public enum Push {
        NO,
        /** It is, where the connect came in. */
        YES,
        /** It is from now on, by a stream that this opens. */
        BY_NEW_STREAM
    }

    /**
     * A session, as a sign of life found it.
     *
     * @param who what it was opened with
     * @param heldBy the transport by which a node holds it, or did until it was lost; null if none does
     * @param isStreamOpening whether a stream beside its connects was opened less than 5 s ago, and may not hold it yet
     */
    public record Entered(byte[] who, Transport heldBy, boolean isStreamOpening) {}

    /**
     * A session, as a connect found it.
     *
     * @param who what it was opened with
     * @param n how many connects it has sent
     * @param isAcking whether it acknowledges batches
     * @param cursor from where on it wants messages, or null if it never had any
     * @param isSetBack whether the client was further at another master, and goes on from before that; it must be told that
     *     all that it follows may lack something
     */
    public record Connected(byte[] who, long n, boolean isAcking, Cursor cursor, boolean isSetBack) {
        private static Connected besideStream(byte[] who) {
            return new Connected(who, 0, false, null, false);
        }

        /** Whether the session was left to a stream that was opened a moment ago. */
        public boolean isStreamOpening() {
            return n == 0;
        }
    }

    /** Begins a session for a client of which there was none, since its id is new. */
    public Future<Void> open(ClientId client, byte[] who, boolean isAcking, long lifeMs, Binding binding) {
        return run(client, OPEN, ofSession(client), client, who, isAcking ? 1 : 0, lifeMs, binding.stored())
                .mapEmpty();
    }

    /**
     * Returns with what a session was opened that a message came for, or null if this browser has no such session; fails with
     * {@link CookieMissing} if a browser that sends its cookie could have it.
     */
    public Future<byte[]> enter(ClientId client, Browser browser, long lifeMs, long inactiveMs) {
        return enter(client, browser, lifeMs, false, inactiveMs)
                .map(reply -> isKnown(reply) ? reply.get(1).toBytes() : null);
    }

    /**
     * The same for a connect that confirms nothing.
     *
     * @param inactiveMs after how long with nothing but connects a session is ended, 0 for never; then it fails with {@link
     *     Inactive}; and with {@link CookieMissing} as {@link #enter} does
     */
    public Future<Entered> signOfLife(ClientId client, Browser browser, long lifeMs, long inactiveMs) {
        return enter(client, browser, lifeMs, true, inactiveMs).map(reply -> isKnown(reply) ? entered(reply) : null);
    }

    private Future<Response> enter(ClientId client, Browser browser, long lifeMs, boolean isConnect, long inactiveMs) {
        List<byte[]> of = new ArrayList<>(ofSession(client));
        of.add(keys.owner(keys.partitions().of(client), client));
        List<Object> arguments = argumentsOf(client, browser);
        arguments.addAll(List.of(lifeMs, isConnect ? 1 : 0, inactiveMs));
        return run(client, ENTER, of, arguments.toArray());
    }

    private static Entered entered(Response reply) {
        return new Entered(
                reply.get(1).toBytes(),
                Transport.ofCode(reply.get(2).toInteger()),
                reply.get(3).toInteger() == 1);
    }

    /**
     * Takes a connect in, and confirms what it says that the client has; but not one whose reply would bring messages, less than
     * 5 s after a stream was opened beside it: nothing is confirmed, and {@link Connected#isStreamOpening} says so.
     *
     * @param inactiveMs as for {@link #signOfLife}
     * @return null if this browser has no such session
     */
    public Future<Connected> connect(ClientId client, Browser browser, Connect connect, long inactiveMs) {
        List<Object> arguments = argumentsOf(client, browser);
        arguments.addAll(List.of(
                connect.id(),
                connect.isHurried() ? 1 : 0,
                connect.acknowledged() == null ? "" : connect.acknowledged(),
                connect.push().ordinal(),
                connect.heldLifeMs(),
                connect.shortLifeMs(),
                inactiveMs));
        return run(client, CONNECT, ofSession(client), arguments.toArray())
                .map(reply -> isKnown(reply) ? connected(reply) : null);
    }

    private static List<Object> argumentsOf(ClientId client, Browser browser) {
        List<Object> arguments = new ArrayList<>(List.of(client));
        arguments.addAll(browser.arguments());
        return arguments;
    }

    private static boolean isKnown(Response reply) {
        String verdict = reply.get(0).toString();
        if (verdict.equals("inactive")) {
            throw new Inactive();
        }
        if (verdict.equals("cookieless")) {
            throw new CookieMissing();
        }
        return !verdict.equals("unknown");
    }

    private static Connected connected(Response reply) {
        if (reply.get(0).toString().equals("streamed")) {
            return Connected.besideStream(reply.get(1).toBytes());
        }
        String cursor = reply.get(4).toString();
        return new Connected(
                reply.get(1).toBytes(),
                reply.get(2).toLong(),
                reply.get(3).toInteger() == 1,
                cursor.isEmpty() ? null : Cursor.parse(cursor),
                reply.get(5).toInteger() == 1);
    }

    /** A later connect has come: nobody waits for the reply to this one. */
    public static final long OVERTAKEN = -1;

    /**
     * Notes how far the client is once it has the reply to its connect of number {@code n}, which is about to be written.
     *
     * @return the number of the batch, 0 if the session does not acknowledge, or {@link #OVERTAKEN}
     */
    public Future<Long> sent(ClientId client, long n, String cursor, long lifeMs) {
        return run(client, SENT, ofSession(client), client, n, cursor, lifeMs).map(Response::toLong);
    }

    /** Notes how far the client is that was pushed messages where connect {@code n} came in. */
    public Future<Void> pushed(ClientId client, long n, String cursor) {
        int partition = keys.partitions().of(client);
        return run(client, PUSHED, List.of(keys.session(partition, client)), n, cursor)
                .mapEmpty();
    }

    /** How {@link #follow} ended. */
    public enum Followed {
        YES,
        /** Nothing was changed, because it would be more than {@link #MAX_FOLLOWS} or {@link #MAX_PATTERNS}. */
        TOO_MANY,
        /** There is no such session. */
        UNKNOWN
    }

    /**
     * Has the session follow all of these from now on, wherever it is; or none of them.
     *
     * @param names at most {@link #MAX_FOLLOWS}, each once; what a client sends is checked before it comes here
     */
    public Future<Followed> follow(ClientId client, List<TopicPattern> names) {
        demandFew(names);
        return beginnings.of(names).compose(begun -> {
            int partition = keys.partitions().of(client);
            List<byte[]> of = List.of(
                    keys.session(partition, client),
                    keys.following(partition, client),
                    keys.owner(partition, client),
                    keys.counters(partition));
            List<Object> arguments =
                    new ArrayList<>(List.of(client, keys.channel(partition), MAX_FOLLOWS, MAX_PATTERNS));
            begun.forEach(one -> arguments.addAll(one.arguments()));
            return run(client, FOLLOW, of, arguments.toArray()).map(reply -> switch (reply.toInteger()) {
                case -1 -> Followed.TOO_MANY;
                case -2 -> Followed.UNKNOWN;
                default -> Followed.YES;
            });
        });
    }

    /** Each name costs reads and arguments of scripts, and while a script runs its master does nothing else. */
    private static void demandFew(List<TopicPattern> names) {
        if (names.size() > MAX_FOLLOWS) {
            throw new IllegalArgumentException(
                    "a session follows at most " + MAX_FOLLOWS + " topics, these are " + names.size());
        }
    }

    /** Has the session follow these no more: at most {@link #MAX_FOLLOWS}, each once. */
    public Future<Void> unfollow(ClientId client, List<TopicPattern> names) {
        demandFew(names);
        int partition = keys.partitions().of(client);
        List<byte[]> of =
                List.of(keys.following(partition, client), keys.owner(partition, client), keys.counters(partition));
        List<Object> arguments = new ArrayList<>(List.of(client, keys.channel(partition), MAX_FOLLOWS));
        arguments.addAll(names);
        return run(client, UNFOLLOW, of, arguments.toArray()).mapEmpty();
    }

    /** Whether there is such a session. */
    public Future<Boolean> isThere(ClientId client) {
        int partition = keys.partitions().of(client);
        return run(partition, IS_THERE.call(List.of(keys.session(partition, client))))
                .map(reply -> reply.toInteger() == 1);
    }

    /** Ends a session. Its hold and its mailbox are ended by {@link Clients#delete}, which must follow. */
    public Future<Void> close(ClientId client) {
        return run(client, CLOSE, ofSession(client), client).mapEmpty();
    }

    /** Counts all sessions. */
    public Future<Long> count() {
        return eachMaster
                .ask(COUNT, List.of(), keys::sessions)
                .map(answers -> answers.stream()
                        .mapToLong(answer -> answer.reply().toLong())
                        .sum());
    }

    /**
     * Takes one of the places that a browser's sessions have for connects that are held, until it is {@linkplain #leave left}
     * or the lease ends.
     *
     * @return empty if it was taken, else the sessions that have the places
     */
    public Future<List<ClientId>> take(String browser, ClientId client, int places, long leaseMs) {
        int partition = partitionOf(browser);
        return run(partition, TAKE.call(List.of(keys.browser(partition, browser)), client, places, leaseMs))
                .map(reply -> {
                    List<ClientId> holders = new ArrayList<>();
                    for (int i = 1; i < reply.size(); i++) {
                        holders.add(new ClientId(reply.get(i).toString()));
                    }
                    return holders;
                });
    }

    /** Returns which of a browser's sessions have such places, whichever node holds their connects. */
    public Future<List<ClientId>> holders(String browser) {
        return take(browser, NOBODY, 0, 0); // of no places none is free, so nothing is taken
    }

    /** Gives the place back. */
    public Future<Void> leave(String browser, ClientId client) {
        int partition = partitionOf(browser);
        return run(partition, LEAVE.call(List.of(keys.browser(partition, browser)), client))
                .mapEmpty();
    }

    private int partitionOf(String browser) {
        return keys.partitions().of(browser.getBytes(StandardCharsets.US_ASCII));
    }

    private List<byte[]> ofSession(ClientId client) {
        int partition = keys.partitions().of(client);
        return List.of(keys.session(partition, client), keys.following(partition, client), keys.sessions(partition));
    }

    private Future<Response> run(ClientId client, Script script, List<byte[]> of, Object... arguments) {
        return run(keys.partitions().of(client), script.call(of, arguments));
    }

    private Future<Response> run(int partition, Script.Call call) {
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
