package megacomet.conformance.judge;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import megacomet.conformance.wire.Transport;

/** What a whole run found out. */
public record Run(Settings settings, Set<Transport> offered, Instant began, long tookMs, List<Outcome> outcomes) {

    /** The verdict on a statement, over its transports. */
    public Verdict verdict(Statement statement) {
        return outcomes.stream()
                .filter(outcome -> outcome.statement().equals(statement))
                .map(Outcome::verdict)
                .reduce(Verdict.SKIPPED, Verdict::and);
    }

    public List<Outcome> outcomes(Statement statement) {
        return outcomes.stream()
                .filter(outcome -> outcome.statement().equals(statement))
                .toList();
    }

    public List<Statement> statements() {
        return outcomes.stream().map(Outcome::statement).distinct().toList();
    }

    public long count(Level level, Verdict verdict) {
        return statements().stream()
                .filter(statement -> statement.level() == level && verdict(statement) == verdict)
                .count();
    }

    /** Whether nothing failed that the specification or a stock client needs. */
    public boolean isGood() {
        return statements().stream()
                .noneMatch(statement -> statement.level().isNeeded() && verdict(statement) == Verdict.FAIL);
    }
}
