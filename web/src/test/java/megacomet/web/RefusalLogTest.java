package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import megacomet.web.fixture.FakeRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(RefusalLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Meters meters = new Meters();
    private long nowNanos = 1;
    private final RefusalLog log = new RefusalLog(meters, () -> nowNanos);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private void refuse(String path) {
        log.refused(
                ErrorCode.TOKEN_INVALID,
                new FakeRequest().path(path).from("192.0.2.7").request(),
                TrustedProxies.NONE);
    }

    private List<String> told() {
        return lines.list.stream()
                .map(event -> event.getKeyValuePairs().toString())
                .toList();
    }

    @Test
    void everyRefusalCountsAndAFloodOfThemHasAFewLinesASecond() {
        for (int i = 0; i < 1_000; i++) {
            refuse("/v1/poll");
        }
        log.refused("bayeux_403", null, "/bayeux");
        assertEquals(RefusalLog.LINES_A_SECOND + 1, told().size());
        nowNanos += 1_000_000_000;
        refuse("/v1/poll");
        assertTrue(told().get(4).contains("untold=\"997\""), told()::toString);
        assertTrue(meters.scrape().contains("megacomet_refused_total{code=\"token_invalid\"} 1001.0"), meters::scrape);
        assertTrue(meters.scrape().contains("megacomet_refused_total{code=\"bayeux_403\"} 1.0"), meters::scrape);
    }

    @Test
    void aLineSaysWhoAndWhereWithoutWhatMayBeASecret() {
        refuse("/v1/clients/42/revocation");
        refuse("/bayeux/9d8f7sessionid");
        refuse("/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" forged=\"x");
        assertTrue(told().get(0).contains("address=\"192.0.2.7\""), told()::toString);
        assertTrue(told().get(0).contains("path=\"/v1/clients\""), told()::toString);
        assertTrue(told().get(1).contains("path=\"/bayeux\""), told()::toString);
        assertFalse(told().get(2).contains("eyJzdWIi"), told()::toString);
    }
}
