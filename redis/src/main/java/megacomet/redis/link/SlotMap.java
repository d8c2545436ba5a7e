package megacomet.redis.link;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which master serves which of the 16,384 slots, at one moment. Never changed once made. */
public final class SlotMap {

    /** How many slots a Redis Cluster has; other shapes have one master for all of them. */
    public static final int SLOTS = 16_384;

    /** Nobody is known to serve anything. */
    public static final SlotMap UNKNOWN = new SlotMap(new Address[SLOTS]);

    private final Address[] masters;
    private final Set<Address> all = new LinkedHashSet<>();

    private SlotMap(Address[] masters) {
        this.masters = masters;
        Arrays.stream(masters).filter(master -> master != null).forEach(all::add);
    }

    /** One master for every slot. */
    static SlotMap of(Address master) {
        Address[] masters = new Address[SLOTS];
        Arrays.fill(masters, master);
        return new SlotMap(masters);
    }

    /** What one line of {@code CLUSTER SLOTS} says. */
    record Range(int first, int last, Address master) {}

    static SlotMap of(List<Range> ranges) {
        Address[] masters = new Address[SLOTS];
        for (Range range : ranges) {
            Arrays.fill(masters, range.first(), range.last() + 1, range.master());
        }
        return new SlotMap(masters);
    }

    /** Returns the slot's master, or null if nobody is known to serve it. */
    public Address masterOf(int slot) {
        return masters[slot];
    }

    /** Returns every master, each once. */
    public List<Address> masters() {
        return new ArrayList<>(all);
    }

    boolean serves(Address address) {
        return all.contains(address);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SlotMap map && Arrays.equals(masters, map.masters);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(masters);
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
