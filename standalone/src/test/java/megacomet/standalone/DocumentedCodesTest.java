package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import megacomet.web.ErrorCode;
import org.junit.jupiter.api.Test;

/** The codes of errors are a promise, so the docs have all of them, with the status that they have, and no others. */
class DocumentedCodesTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9, ]+) \\|(.*)\\|$");
    private static final Pattern CODE = Pattern.compile("`([a-z0-9_]+)`");
    private static final Set<String> NO_CODES = Set.of("line", "column", "id", "retryAfterMs");

    @Test
    void everyCodeIsInTheTablesOfErrorsWithItsStatus() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (String page : new String[] {"protocol.md", "publish-api.md"}) {
            String text = Files.readString(Path.of("..", "docs", page));
            Matcher row = ROW.matcher(text.substring(text.indexOf("\n## Errors")));
            while (row.find()) {
                Matcher code = CODE.matcher(row.group(2));
                while (code.find()) {
                    if (!NO_CODES.contains(code.group(1))) {
                        ErrorCode known = ErrorCode.valueOf(code.group(1).toUpperCase(java.util.Locale.ROOT));
                        Set<String> statuses = Set.of(row.group(1).strip().split(", "));
                        assertTrue(statuses.contains("" + known.status()), page + ": " + known.word());
                        documented.add(known.word());
                    }
                }
            }
        }
        Set<String> all =
                Stream.of(ErrorCode.values()).map(ErrorCode::word).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(all, documented);
    }
}
