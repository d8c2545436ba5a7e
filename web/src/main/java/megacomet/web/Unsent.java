package megacomet.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The budget of what was written and no peer has taken, of all connections on every port of a process. Netty keeps such
 * bytes for as long as a peer does not read, in direct memory, where no limit of the heap counts them.
 *
 * <ul>
 *   <li>A connection that takes nothing for the deadline is cut, and so is one that has a quarter of all.
 *   <li>When all together reach the limit, those are cut that hold the most for longest; never one that drains.
 *   <li>As long as it is full, no answer of more than {@value #SMALL_BYTES} bytes is written ({@link #refuses}).
 * </ul>
 *
 * <p>Who takes everything at once costs one look at its channel, and has no object here. Only while a connection has
 * something unsent is it in a table of its event loop, which is looked through every {@value #SWEEP_MS} ms.
 */
public final class Unsent {

    /** A connection may have this part of the budget; an answer is smaller. */
    static final int SHARE = 4;

    /** An answer of so many bytes is written even if the budget is spent: most of it goes into the kernel's buffer. */
    static final int SMALL_BYTES = 64 << 10;

    private static final long SWEEP_MS = 250;

    /** How often it is looked for connections to cut while new ones fill the budget. */
    private static final long SHED_EVERY_MS = 50;

    private static final long RETRY_AFTER_MS = 2_000;

    /** The peer took nothing for the deadline. */
    private static final String UNREAD = "unread";

    /** The budget was spent, or the connection's share of it. */
    private static final String BUDGET = "unsent_budget";

    private final UnsentLedger<Channel> ledger;
    private final Consumer<String> cut;
    private final LongSupplier clockMs;
    private final FastThreadLocal<Sweep> sweeps = new FastThreadLocal<>();
    private final UnsentWatch watch = new UnsentWatch(this);
    private final DirectMemory memory;
    private volatile long shedMs;

    /**
     * How much may be unsent.
     *
     * @param maxBytes by all connections together
     * @param deadlineMs for how long a connection may take nothing
     */
    public record Limits(long maxBytes, long deadlineMs) {

        /** The least that all connections together need. */
        public static final long LEAST_MAX_BYTES = 8 << 20;

        /** A quarter of the direct memory that the process may have, and 30 s. */
        public static final Limits DEFAULT = new Limits(Math.max(LEAST_MAX_BYTES, DirectMemory.maxBytes() / 4), 30_000);
    }

    /** @param cut is told why each connection was cut */
    Unsent(Limits limits, Meters meters, Consumer<String> cut, LongSupplier clockMs) {
        this.ledger = new UnsentLedger<>(limits.maxBytes, limits.maxBytes / SHARE, limits.deadlineMs);
        this.cut = cut;
        this.clockMs = clockMs;
        this.memory = new DirectMemory(meters, this::cutAll);
        meters.unsentBytes(ledger, UnsentLedger::bytes);
    }

    // ---- for those who write

    /**
     * Something was written to a connection and flushed. On the connection's event loop.
     *
     * <p>Also to be called by who knows that {@link #watch} is not on the connection.
     */
    public void wrote(Channel channel) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (out != null && out.totalPendingWriteBytes() > 0) {
            sweep().add(channel, null);
        }
    }

    /** Whether an answer must not be written, because it is large and the budget is spent. */
    public boolean refuses(int answerBytes) {
        return answerBytes > SMALL_BYTES && ledger.isFull();
    }

    /** What the client is told whose answer is {@linkplain #refuses refused}. */
    public static Problem refusal() {
        return Problem.later(ErrorCode.TOO_MUCH_UNSENT, RETRY_AFTER_MS, null);
    }

    /** Where it is told that no direct memory was left. */
    public DirectMemory memory() {
        return memory;
    }

    // ---- for those who serve

    /** Sees to it that everything that is written to a connection is counted. */
    void watch(ChannelPipeline pipeline) {
        if (pipeline.get(UnsentWatch.NAME) == null) {
            pipeline.addFirst(UnsentWatch.NAME, watch);
        }
    }

    /** Something of {@code responses} is unsent. On the connection's event loop. */
    void wrote(Channel channel, Http2Responses responses) {
        sweep().add(channel, responses);
    }

    // ---- one event loop

    private Sweep sweep() {
        Sweep sweep = sweeps.get();
        if (sweep == null) {
            sweep = new Sweep();
            sweeps.set(sweep);
        }
        return sweep;
    }

    /** The connections of an event loop that have something unsent. It runs as long as there are any. */
    private final class Sweep implements Runnable {

        private final Map<Channel, Http2Responses> connections = new HashMap<>();
        private boolean isScheduled;

        void add(Channel channel, Http2Responses responses) {
            if (responses != null || !connections.containsKey(channel)) {
                connections.put(channel, responses);
            }
            look(channel, clockMs.getAsLong());
            shedIfFull();
            schedule(channel.eventLoop());
        }

        private void schedule(EventLoop loop) {
            if (!isScheduled) {
                isScheduled = true;
                loop.schedule(this, SWEEP_MS, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void run() {
            isScheduled = false;
            long nowMs = clockMs.getAsLong();
            // A copy, because cutting a connection or letting its requests go on may lead back here.
            for (Channel channel : new ArrayList<>(connections.keySet())) {
                look(channel, nowMs);
            }
            shedIfFull();
            connections.keySet().stream().findAny().ifPresent(any -> schedule(any.eventLoop()));
        }

        private void look(Channel channel, long nowMs) {
            ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
            if (out == null) { // closed
                connections.remove(channel);
                ledger.forget(channel);
                return;
            }
            Http2Responses responses = connections.get(channel);
            long unsent = out.totalPendingWriteBytes() + (responses == null ? 0 : responses.unsentBytes());
            long mark = 31L * System.identityHashCode(out.current()) + out.currentProgress();
            ledger.update(channel, unsent, responses == null ? mark : 31 * mark + responses.mark(), nowMs);
            if (ledger.isTooMuch(channel)) {
                cut(channel, BUDGET);
            } else if (ledger.isOverdue(channel, nowMs)) {
                cut(channel, UNREAD);
            } else if (unsent == 0) {
                connections.remove(channel);
            }
            if (responses != null) {
                responses.letOn();
            }
        }
    }

    // ---- those that must go

    private void shedIfFull() {
        long nowMs = clockMs.getAsLong();
        if (ledger.isFull() && nowMs - shedMs >= SHED_EVERY_MS) {
            shedMs = nowMs;
            ledger.shed(nowMs).forEach(channel -> cut(channel, BUDGET));
        }
    }

    private void cutAll() {
        List<Channel> all = ledger.shedAll();
        all.forEach(channel -> cut(channel, BUDGET));
    }

    private void cut(Channel channel, String reason) {
        ledger.forget(channel);
        cut.accept(reason);
        if (channel.eventLoop().inEventLoop()) {
            reset(channel);
        } else {
            channel.eventLoop().execute(() -> reset(channel));
        }
    }

    /**
     * Closes a connection past all that would wait for what is unsent, with a reset: else the kernel would keep for minutes
     * what it has taken.
     */
    private static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.voidPromise());
        }
    }
}
