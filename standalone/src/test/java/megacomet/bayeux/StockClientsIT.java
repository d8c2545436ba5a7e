package megacomet.bayeux;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import megacomet.bayeux.StockClients.Kind;
import megacomet.fixture.Chromium;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The clients that people use, unchanged, against two gateways between which chance chooses for every request. All are
 * connected when the gateways are restarted, one after the other.
 *
 * <p>{@code -Dmegacomet.bayeux.server="command"} carries the same out against another server ({@link ReferenceServer}),
 * {@code -Dmegacomet.bayeux.transports=a,b} with those transports alone: {@code scripts/bayeux-scenario-peers} does both.
 */
@Isolated("Chromium, and clients with time limits")
class StockClientsIT {

    private static final String REFERENCE = System.getProperty("megacomet.bayeux.server");
    private static final String TRANSPORTS = System.getProperty(
            "megacomet.bayeux.transports",
            "long-polling,websocket,callback-polling,cross-origin-long-polling,eventsource");

    private static BayeuxServer server;
    private static Chromium chromium;

    private final Map<Kind, CommonScenario> scenarios = new LinkedHashMap<>();
    private final List<StockClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        server = REFERENCE != null ? new ReferenceServer(REFERENCE) : new Gateways(2, 1, "--bayeux-timeout", "10s");
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() throws Exception {
        chromium.close();
        server.close();
    }

    @TestFactory
    Stream<DynamicNode> everyStockClientOnEveryTransport() {
        List<Kind> kinds = Stream.of(
                        StockClients.inNode(), StockClients.inJava(), StockClients.inChromium(chromium, server.port()))
                .flatMap(List::stream)
                .filter(kind -> List.of(TRANSPORTS.split(",")).contains(kind.transport()))
                .toList();
        return Stream.of(
                DynamicContainer.dynamicContainer(
                        "before the restart", kinds.stream().map(this::beforeTheRestart)),
                DynamicTest.dynamicTest("the server is started again", () -> server.restart()),
                DynamicContainer.dynamicContainer(
                        "after the restart", kinds.stream().map(this::afterTheRestart)),
                DynamicTest.dynamicTest("all are closed", () -> clients.forEach(StockClient::close)));
    }

    private DynamicTest beforeTheRestart(Kind kind) {
        return DynamicTest.dynamicTest(kind.toString(), () -> {
            StockClient client = kind.maker().get();
            clients.add(client);
            CommonScenario scenario = new CommonScenario(client, kind.transport(), kind.messages());
            scenario.beforeTheRestart(server.url());
            scenarios.put(kind, scenario);
        });
    }

    private DynamicTest afterTheRestart(Kind kind) {
        return DynamicTest.dynamicTest(kind.toString(), () -> {
            Assumptions.assumeTrue(scenarios.containsKey(kind), "it failed before");
            scenarios.get(kind).afterTheRestart();
        });
    }
}
