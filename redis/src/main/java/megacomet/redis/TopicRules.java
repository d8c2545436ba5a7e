package megacomet.redis;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;

/**
 * What is kept of each topic: rules by pattern, of which the first that matches holds. All processes that publish to topics
 * should have the same, gateways too: they publish for browsers.
 *
 * <p>The file is JSON, and every field but {@code pattern} may be left out:
 *
 * <pre>{@code
 * {"topics":[{"pattern":"prices/**","mode":"latest","ttlMs":600000,"maxMessages":500,"maxBytes":262144}]}
 * }</pre>
 */
public final class TopicRules implements Function<Topic, TopicSettings> {

    /** The longest life of a message: seven days. */
    public static final long MAX_LIFE_MS = 604_800_000;

    /** The life of a message that does not say otherwise, nor does a rule. */
    public static final long DEFAULT_LIFE_MS = 60_000;

    /** Every topic is as {@link TopicSettings#DEFAULT} says. */
    public static final TopicRules NONE = new TopicRules(List.of());

    private static final int MAX_RULES = 1_000;
    private static final int MAX_MESSAGES = 100_000;
    private static final int MAX_BYTES = 64 << 20;

    /** A log must have room for the largest message, and a few. */
    private static final int MIN_BYTES = 128 << 10;

    private static final String TOPICS = "topics";
    private static final Set<String> FIELDS = Set.of("pattern", "mode", "ttlMs", "maxMessages", "maxBytes");

    private final List<Rule> rules;

    /** @param lifeMs how long messages live that do not say so themselves */
    public record Rule(TopicPattern pattern, TopicSettings settings, long lifeMs) {
        private static final Rule DEFAULT = new Rule(new TopicPattern("**"), TopicSettings.DEFAULT, DEFAULT_LIFE_MS);
    }

    public TopicRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Returns what is kept of a topic. */
    @Override
    public TopicSettings apply(Topic topic) {
        return ruleOf(topic).settings;
    }

    /** Returns how long a message of the topic lives that does not say so itself. */
    public long lifeMs(Topic topic) {
        return ruleOf(topic).lifeMs;
    }

    private Rule ruleOf(Topic topic) {
        for (Rule rule : rules) {
            if (rule.pattern.matches(topic)) {
                return rule;
            }
        }
        return Rule.DEFAULT;
    }

    /**
     * Reads a file of rules.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and where
     */
    public static TopicRules read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    static TopicRules parse(String text) {
        JsonObject json;
        try {
            json = new JsonObject(text);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("it is no JSON object: " + e.getMessage(), e);
        }
        refuseUnknown("it", json, Set.of(TOPICS));
        if (!(json.getValue(TOPICS) instanceof JsonArray all)) {
            throw new IllegalArgumentException(TOPICS + " is not an array");
        }
        if (all.size() > MAX_RULES) {
            throw new IllegalArgumentException("there are " + all.size() + " rules, at most " + MAX_RULES + " may be");
        }
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String where = TOPICS + "[" + i + "]";
            if (!(all.getValue(i) instanceof JsonObject one)) {
                throw new IllegalArgumentException(where + " is not an object");
            }
            rules.add(rule(where, one));
        }
        return new TopicRules(rules);
    }

    private static Rule rule(String where, JsonObject json) {
        refuseUnknown(where, json, FIELDS);
        TopicSettings defaults = TopicSettings.DEFAULT;
        TopicSettings settings = new TopicSettings(
                json.containsKey("mode") ? mode(where, json.getValue("mode")) : defaults.mode(),
                (int) number(where, json, "maxMessages", defaults.maxMessages(), 1, MAX_MESSAGES),
                (int) number(where, json, "maxBytes", defaults.maxBytes(), MIN_BYTES, MAX_BYTES));
        return new Rule(
                pattern(where, json.getValue("pattern")),
                settings,
                number(where, json, "ttlMs", DEFAULT_LIFE_MS, 1, MAX_LIFE_MS));
    }

    private static void refuseUnknown(String where, JsonObject json, Set<String> known) {
        json.fieldNames().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(where + " has an unknown field: " + name);
                });
    }

    private static TopicPattern pattern(String where, Object value) {
        if (!(value instanceof String name)) {
            throw new IllegalArgumentException(where + " needs a pattern, a string");
        }
        try {
            return new TopicPattern(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }

    private static TopicMode mode(String where, Object value) {
        return Stream.of(TopicMode.values())
                .filter(mode -> mode.word().equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(where + ": mode is log, latest or relay"));
    }

    private static long number(String where, JsonObject json, String name, long otherwise, long least, long most) {
        if (!json.containsKey(name)) {
            return otherwise;
        }
        Object value = json.getValue(name);
        boolean isWhole = value instanceof Integer || value instanceof Long;
        if (!isWhole || ((Number) value).longValue() < least || ((Number) value).longValue() > most) {
            throw new IllegalArgumentException(
                    where + ": " + name + " is not a whole number from " + least + " to " + most);
        }
        return ((Number) value).longValue();
    }
}
