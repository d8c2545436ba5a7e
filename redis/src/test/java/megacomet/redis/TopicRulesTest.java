package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import megacomet.model.Topic;
import megacomet.model.TopicMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRulesTest {

    private static final String FILE = """
            {"topics":[
              {"pattern":"prices/gold","mode":"relay"},
              {"pattern":"prices/**","mode":"latest","ttlMs":600000,"maxMessages":500,"maxBytes":262144},
              {"pattern":"**","ttlMs":1000}
            ]}
            """;

    @Test
    void theFirstRuleThatMatchesHolds() {
        TopicRules rules = TopicRules.parse(FILE);
        assertEquals(TopicMode.RELAY, rules.apply(new Topic("prices/gold")).mode());
        assertEquals(new TopicSettings(TopicMode.LATEST, 500, 262144), rules.apply(new Topic("prices/silver/eu")));
        assertEquals(600_000, rules.lifeMs(new Topic("prices/silver/eu")));
        assertEquals(TopicSettings.DEFAULT, rules.apply(new Topic("news")));
        assertEquals(1_000, rules.lifeMs(new Topic("news")));
    }

    @Test
    void whatNoRuleMatchesIsAsEverWithoutRules() {
        TopicRules rules = TopicRules.parse("{\"topics\":[{\"pattern\":\"a/*\",\"ttlMs\":5}]}");
        assertEquals(5, rules.lifeMs(new Topic("a/b")));
        assertEquals(TopicRules.DEFAULT_LIFE_MS, rules.lifeMs(new Topic("a/b/c")));
        assertEquals(TopicSettings.DEFAULT, TopicRules.NONE.apply(new Topic("a/b/c")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|it is no JSON object",
                "{|it is no JSON object",
                "{}|topics is not an array",
                "{\"topics\":{}}|topics is not an array",
                "{\"topics\":[],\"x\":1}|it has an unknown field: x",
                "{\"topics\":[1]}|topics[0] is not an object",
                "{\"topics\":[{}]}|topics[0] needs a pattern",
                "{\"topics\":[{\"pattern\":\"a\"},{\"pattern\":\"a b\"}]}|topics[1]: a topic is segments",
                "{\"topics\":[{\"pattern\":\"a\",\"mod\":\"log\"}]}|topics[0] has an unknown field: mod",
                "{\"topics\":[{\"pattern\":\"a\",\"mode\":\"Log\"}]}|topics[0]: mode is log, latest or relay",
                "{\"topics\":[{\"pattern\":\"a\",\"mode\":null}]}|topics[0]: mode is log, latest or relay",
                "{\"topics\":[{\"pattern\":\"a\",\"ttlMs\":0}]}|topics[0]: ttlMs is not a whole number from 1",
                "{\"topics\":[{\"pattern\":\"a\",\"ttlMs\":1.5}]}|topics[0]: ttlMs is not a whole number",
                "{\"topics\":[{\"pattern\":\"a\",\"maxMessages\":\"9\"}]}|topics[0]: maxMessages is not a whole",
                "{\"topics\":[{\"pattern\":\"a\",\"maxBytes\":1}]}|topics[0]: maxBytes is not a whole number from 131072"
            })
    void whatIsWrongIsSaidWithItsPlace(String text, String sentence) {
        String said = assertThrows(IllegalArgumentException.class, () -> TopicRules.parse(text))
                .getMessage();
        assertTrue(said.contains(sentence), said);
    }
}
