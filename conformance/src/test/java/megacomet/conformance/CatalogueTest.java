package megacomet.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import megacomet.conformance.judge.Statement;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private final List<Statement> statements = Catalogue.statements();

    @Test
    void everyNumberIsGivenOnce() {
        List<Integer> numbers =
                statements.stream().map(Statement::number).sorted().toList();
        assertEquals(IntStream.rangeClosed(1, statements.size()).boxed().toList(), numbers);
    }

    @Test
    void theChecklistIsWhole() {
        assertTrue(statements.size() >= 80, "the checklist has 80, this has " + statements.size());
    }

    @Test
    void everyStatementSaysWhatItClaimsWhereItIsFromAndWhereItHolds() {
        for (Statement statement : statements) {
            assertFalse(statement.sentence().isBlank(), statement.toString());
            assertFalse(statement.source().isBlank(), statement.toString());
            assertFalse(statement.transports().isEmpty(), statement.toString());
        }
    }
}
