package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.spi.DefaultLoggingEventBuilder;
import org.slf4j.spi.LoggingEventBuilder;

class SparinglyTest {

    private long nowMs = 1_000;
    private final Sparingly sparingly = new Sparingly(() -> nowMs);
    private final List<Object> unsaid = new ArrayList<>();
    private int built;

    /** A line that keeps what is said of lines that were not written. */
    private LoggingEventBuilder line() {
        built++;
        return new DefaultLoggingEventBuilder(NOPLogger.NOP_LOGGER, Level.INFO) {
            @Override
            public LoggingEventBuilder addKeyValue(String key, Object value) {
                unsaid.add(key + "=" + value);
                return this;
            }
        };
    }

    private void log(int times) {
        for (int i = 0; i < times; i++) {
            sparingly.log(this::line, "it happened");
        }
    }

    @Test
    void fourHundredEventsOfASecondAreTenLines() {
        log(400);
        assertEquals(Sparingly.LINES_A_SECOND, built);
        assertEquals(List.of(), unsaid);
    }

    @Test
    void theNextLineSaysHowManyWereNotWritten() {
        log(Sparingly.LINES_A_SECOND + 390);
        nowMs += 1_000;
        log(2);
        assertEquals(List.of("unsaid=390"), unsaid);
        assertEquals(Sparingly.LINES_A_SECOND + 2, built);
    }
}
