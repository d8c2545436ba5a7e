package megacomet.conformance;

import java.util.List;
import java.util.stream.Stream;
import megacomet.conformance.judge.Statement;
import megacomet.conformance.statements.AdviceStatements;
import megacomet.conformance.statements.CallbackPollingStatements;
import megacomet.conformance.statements.ConnectStatements;
import megacomet.conformance.statements.EnvelopeStatements;
import megacomet.conformance.statements.ExpiryStatements;
import megacomet.conformance.statements.ExtensionStatements;
import megacomet.conformance.statements.HandshakeStatements;
import megacomet.conformance.statements.PublishStatements;
import megacomet.conformance.statements.SubscribeStatements;
import megacomet.conformance.statements.WebSocketStatements;

/** All statements, in the order in which they are read. */
public final class Catalogue {

    private Catalogue() {}

    public static List<Statement> statements() {
        return Stream.of(
                        EnvelopeStatements.chapter(),
                        HandshakeStatements.chapter(),
                        ConnectStatements.chapter(),
                        ExpiryStatements.chapter(),
                        SubscribeStatements.chapter(),
                        PublishStatements.chapter(),
                        AdviceStatements.chapter(),
                        CallbackPollingStatements.chapter(),
                        WebSocketStatements.chapter(),
                        ExtensionStatements.chapter())
                .flatMap(chapter -> chapter.statements().stream())
                .toList();
    }
}
