package megacomet.loadtest.browser;

import static megacomet.loadtest.browser.Order.Arrival.DUPLICATED;
import static megacomet.loadtest.browser.Order.Arrival.IN_ORDER;
import static megacomet.loadtest.browser.Order.Arrival.REORDERED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {

    private final Order order = new Order();

    private List<Order.Arrival> arrive(int... sequences) {
        return IntStream.of(sequences).mapToObj(order::arrived).toList();
    }

    @Test
    void risingIsInOrderAlsoOverHoles() {
        assertEquals(List.of(IN_ORDER, IN_ORDER, IN_ORDER), arrive(0, 1, 500));
    }

    @Test
    void theSameAgainIsADuplicate() {
        assertEquals(List.of(IN_ORDER, DUPLICATED, IN_ORDER, DUPLICATED), arrive(0, 0, 1, 0));
    }

    @Test
    void whatFillsAHoleCameTooLate() {
        assertEquals(List.of(IN_ORDER, IN_ORDER, REORDERED, DUPLICATED), arrive(0, 2, 1, 1));
    }

    @Test
    void theWindowMovesOn() {
        arrive(IntStream.range(0, 100).toArray());
        assertEquals(List.of(DUPLICATED, REORDERED), arrive(99 - 63, 99 - 64));
    }

    @Test
    void aLongLeapForgetsWhatLiesBehindTheWindow() {
        assertEquals(List.of(IN_ORDER, IN_ORDER, REORDERED), arrive(5, 1_000, 999));
    }
}
