package megacomet.gateway.hold;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import megacomet.model.ClientId;
import megacomet.redis.Mailboxes;
import megacomet.redis.Mailboxes.Tenure;

/**
 * What a loop owes Redis and need not pay at once: confirmations that came with polls which needed nothing else, and
 * clients given up. They are collected by partition, confirmations all together if Redis allows it, and written every
 * {@value #PERIOD_MS} ms.
 *
 * <p>Until then the application sees a message as queued although the client has it, and a client as online although it
 * went away; nothing else depends on it, because the client's own cursor says what it has. What cannot be written is tried
 * again at the next turn, up to a limit: beyond it owners' records expire by themselves, and cursors confirm again.
 */
final class Settlements {

    /** How long a confirmation or release waits for company, in ms. */
    static final int PERIOD_MS = WaitingRoom.TICK_MS;

    private static final int MAX_UNWRITTEN = 100_000;

    /** Under which what may go together is collected. */
    private static final int ANY_PARTITION = -1;

    private final Mailboxes mailboxes;
    private final Map<Integer, Map<ClientId, Tenure>> confirmations = new HashMap<>();
    private final Map<Integer, Map<ClientId, Tenure>> releases = new HashMap<>();
    private int unwritten;

    Settlements(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    /** Confirms that the client has everything up to the tenure's position. */
    void confirm(int partition, Tenure tenure) {
        owe(confirmations, mailboxes.areConfirmedTogether() ? ANY_PARTITION : partition, tenure);
    }

    /** Gives the client up. */
    void release(int partition, Tenure tenure) {
        owe(releases, partition, tenure);
    }

    /** Writes all that is owed. Completes when Redis has answered, or has not. */
    Future<Void> write() {
        List<Future<Void>> writes = new ArrayList<>();
        // Confirmed before given up, so that whoever sees the client offline sees what it got.
        write(confirmations, mailboxes::confirm, writes);
        write(releases, mailboxes::release, writes);
        return Future.join(writes).mapEmpty();
    }

    int unwritten() {
        return unwritten;
    }

    private void owe(Map<Integer, Map<ClientId, Tenure>> debts, int partition, Tenure tenure) {
        if (unwritten >= MAX_UNWRITTEN) {
            return;
        }
        // The latest of a client says all.
        Tenure replaced =
                debts.computeIfAbsent(partition, none -> new LinkedHashMap<>()).put(tenure.client(), tenure);
        if (replaced == null) {
            unwritten++;
        }
    }

    private void write(
            Map<Integer, Map<ClientId, Tenure>> debts,
            Function<List<Tenure>, Future<Void>> writer,
            List<Future<Void>> writes) {
        Map<Integer, Map<ClientId, Tenure>> all = new HashMap<>(debts);
        debts.clear();
        all.forEach((partition, tenures) -> {
            unwritten -= tenures.size();
            for (List<Tenure> some : inCalls(tenures.values())) {
                writes.add(writer.apply(some)
                        .onFailure(failure -> some.stream()
                                .filter(tenure -> !isOwed(debts, partition, tenure))
                                .forEach(tenure -> owe(debts, partition, tenure))));
            }
        });
    }

    private static boolean isOwed(Map<Integer, Map<ClientId, Tenure>> debts, int partition, Tenure tenure) {
        return debts.getOrDefault(partition, Map.of()).containsKey(tenure.client());
    }

    static <T> List<List<T>> inCalls(Collection<T> all) {
        List<List<T>> calls = new ArrayList<>();
        Iterator<T> left = all.iterator();
        while (left.hasNext()) {
            List<T> call = new ArrayList<>();
            while (left.hasNext() && call.size() < Mailboxes.MAX_A_CALL) {
                call.add(left.next());
            }
            calls.add(call);
        }
        return calls;
    }
}
