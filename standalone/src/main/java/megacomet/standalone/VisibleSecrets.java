package megacomet.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParseResult;

/**
 * Warns of secrets on the command line: every user of the machine can read it in the list of processes. An environment
 * variable can be read by the same user only.
 */
final class VisibleSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(VisibleSecrets.class);

    /** Options whose value may be secret, and what to use instead. */
    private static final Map<String, String> INSTEAD = Map.of(
            "--jwt-secret",
            "--jwt-secret-file or MEGACOMET_JWT_SECRET",
            "--redis-url",
            "--redis-password-file or MEGACOMET_REDIS_URL");

    private VisibleSecrets() {}

    /** Logs a warning for each secret that was given as an argument of the command. */
    static void warn(ParseResult parsed) {
        for (String option : of(parsed)) {
            LOG.atWarn()
                    .addKeyValue("option", option)
                    .addKeyValue("instead", INSTEAD.get(option))
                    .log("a secret stands on the command line, where every user of this machine can read it");
        }
    }

    /** Returns the options of the command that show a secret. */
    static List<String> of(ParseResult parsed) {
        List<String> visible = new ArrayList<>();
        if (parsed.hasMatchedOption("--jwt-secret")) {
            visible.add("--jwt-secret");
        }
        if (parsed.hasMatchedOption("--redis-url")
                && parsed.matchedOption("--redis-url").originalStringValues().stream()
                        .anyMatch(url -> url.contains("@"))) {
            visible.add("--redis-url");
        }
        return visible;
    }
}
