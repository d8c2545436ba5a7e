package megacomet.loadtest.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import megacomet.loadtest.profile.Share;
import org.junit.jupiter.api.Test;

class CapacityTest {

    private static final Capacity.Machine ROOMY = new Capacity.Machine(20_000, 28_232, Long.MAX_VALUE);

    private static InetAddress address(int... bytes) {
        byte[] raw = {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]};
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Capacity loopback(int browsers, Capacity.Machine machine) {
        return Capacity.of(browsers, List.of(), address(127, 0, 0, 1), 1, machine);
    }

    @Test
    void aMillionNeedsFiftyTwoProcessesOfTwentyThousandFiles() {
        assertEquals(52, loopback(1_000_000, ROOMY).workers());
    }

    @Test
    void aFewNeedOneProcess() {
        assertEquals(1, loopback(19_500, ROOMY).workers());
        assertEquals(2, loopback(19_501, ROOMY).workers());
    }

    @Test
    void noTwoProcessesShareASourceAddressOnLoopback() {
        Set<String> seen = new HashSet<>();
        for (List<String> sources : loopback(10_000_000, ROOMY).sourcesOfWorkers()) {
            sources.forEach(source -> assertTrue(seen.add(source), source));
            sources.forEach(source -> assertTrue(source.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}"), source));
        }
    }

    @Test
    void aProcessOfManyFilesGetsSeveralSourceAddresses() {
        Capacity capacity = loopback(100_000, new Capacity.Machine(1_000_000, 28_232, Long.MAX_VALUE));
        assertEquals(1, capacity.workers());
        assertEquals(6, capacity.sourcesOfWorkers().get(0).size());
    }

    @Test
    void elsewhereTooFewSourcePortsAreSaidBeforehand() {
        Exception e = assertThrows(
                IllegalArgumentException.class, () -> Capacity.of(50_000, List.of(), address(10, 0, 0, 1), 1, ROOMY));
        assertTrue(e.getMessage().contains("need 3 source addresses"), e.getMessage());
        assertEquals(
                3,
                Capacity.of(50_000, List.of("10.0.0.2", "10.0.0.3", "10.0.0.4"), address(10, 0, 0, 1), 1, ROOMY)
                        .workers());
    }

    @Test
    void tooFewFilesAndTooLittleMemoryAreSaidBeforehand() {
        assertThrows(
                IllegalArgumentException.class, () -> loopback(10, new Capacity.Machine(256, 28_232, Long.MAX_VALUE)));
        Exception e = assertThrows(
                IllegalArgumentException.class,
                () -> loopback(1_000_000, new Capacity.Machine(20_000, 28_232, 4L << 20)));
        assertTrue(e.getMessage().startsWith("1,000,000 browsers need about"), e.getMessage());
    }

    @Test
    void sharesLeaveNoBrowserOut() {
        int next = 0;
        for (int worker = 0; worker < 7; worker++) {
            Share share = Share.of(1_000, worker, 7);
            assertEquals(next, share.first());
            next += share.count();
        }
        assertEquals(1_000, next);
    }
}
