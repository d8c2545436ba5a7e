package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import megacomet.fixture.BayeuxClient;
import megacomet.fixture.Http;
import megacomet.fixture.LogLines;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.redis.fixture.RedisFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A token that is refused leaves a trace, by whatever door it came. */
@Isolated("it reads the whole log")
class RefusalsIT {

    @Test
    void whatIsRefusedCountsByEveryDoorAndTheLogSaysWhoItWasAndNotWhatItBrought() throws Exception {
        try (Site site = new Site.Plan(RedisFixture.STANDALONE.options(), 1)
                        .tokens(TestTokens.keys())
                        .open();
                LogLines log = new LogLines()) {
            String forged = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.forged";
            String gateway = site.gatewayUrl(0);
            assertEquals(401, Http.get(gateway + "/v1/poll?token=" + forged).statusCode());
            assertEquals(
                    200,
                    Http.get(gateway + "/v1/poll?callback=cb&token=" + forged).statusCode());
            assertEquals(401, Http.get(gateway + "/v1/stream?token=" + forged).statusCode());
            try (RawWebSocket socket = new RawWebSocket(gateway + "/v1/ws?token=" + forged, "")) {
                assertEquals(4401, socket.awaitClose());
            }
            new BayeuxClient(() -> gateway)
                    .handshake(JsonNodeFactory.instance.objectNode().put("token", forged));
            assertEquals(404, Http.get(gateway + "/nothing").statusCode());

            String metrics = site.metrics(0);
            assertTrue(metrics.contains("megacomet_refused_total{code=\"token_invalid\"} 4.0"), metrics);
            assertTrue(metrics.contains("megacomet_refused_total{code=\"bayeux_403\"} 1.0"), metrics);
            assertTrue(metrics.contains("megacomet_refused_total{code=\"not_found\"} 1.0"), metrics);
            String said = log.all();
            assertTrue(said.contains("refused code=\"token_invalid\" address=\"127.0.0.1\" path=\"/v1/poll\""), said);
            assertTrue(!said.contains("forged") && !said.contains("eyJ"), said);
        }
    }
}
