package megacomet.conformance.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import megacomet.conformance.wire.Transport;

/** Statements about the same part of the protocol, in the order in which they are read. */
public final class Chapter {

    private final String title;
    private final List<Statement> statements = new ArrayList<>();

    public Chapter(String title) {
        this.title = title;
    }

    public Chapter state(
            int number, Level level, String sentence, String source, Set<Transport> transports, Check check) {
        return state(number, level, sentence, source, transports, Turn.TOGETHER, check);
    }

    public Chapter state(
            int number,
            Level level,
            String sentence,
            String source,
            Set<Transport> transports,
            Turn turn,
            Check check) {
        statements.add(new Statement(number, level, title, sentence, source, transports, turn, check));
        return this;
    }

    public List<Statement> statements() {
        return List.copyOf(statements);
    }
}
