package megacomet.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.redis.TopicRules;
import megacomet.redis.TopicSettings;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a message says to whom it goes. */
class TopicLetterTest {

    private static final TopicRules.Rule PRICES =
            new TopicRules.Rule(new TopicPattern("prices/*"), TopicSettings.DEFAULT, 1_234);

    private final LetterReader reader = new LetterReader(PublishLimits.DEFAULT, new TopicRules(List.of(PRICES)));

    private Problem refused(String text) {
        return assertThrows(Problem.class, () -> reader.one(text));
    }

    @Test
    void aMessageIsForAClient() {
        Letter letter = reader.one("{\"client\":\"42\",\"data\":1}");
        assertEquals(List.of(new ClientId("42")), letter.clients());
        assertNull(letter.topic());
        assertEquals(60_000, letter.publication().lifeMs());
    }

    @Test
    void aMessageIsForATopicAndMayHaveAKey() {
        Letter letter = reader.one("{\"key\":\"gold\",\"topic\":\"news/sport\",\"data\":{},\"ttlMs\":7,\"id\":\"i\"}");
        assertEquals(new Topic("news/sport"), letter.topic());
        assertEquals("gold", letter.publication().key());
        assertEquals("i", letter.publication().id());
        assertEquals(7, letter.publication().lifeMs());
    }

    @Test
    void aTopicSaysHowLongItsMessagesLiveThatDoNotSayThemselves() {
        assertEquals(
                1_234,
                reader.one("{\"topic\":\"prices/gold\",\"data\":1}")
                        .publication()
                        .lifeMs());
        assertEquals(
                60_000,
                reader.one("{\"topic\":\"news\",\"data\":1}").publication().lifeMs());
        assertEquals(
                9,
                reader.one("{\"topic\":\"prices/gold\",\"data\":1,\"ttlMs\":9}")
                        .publication()
                        .lifeMs());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"data\":1}|MISSING_FIELD",
                "{\"topic\":\"a\"}|MISSING_FIELD",
                "{\"topic\":\"a\",\"client\":\"1\",\"data\":1}|INVALID_FIELD",
                "{\"topic\":\"a\",\"clients\":[\"1\"],\"data\":1}|INVALID_FIELD",
                "{\"client\":\"1\",\"key\":\"k\",\"data\":1}|INVALID_FIELD",
                "{\"topic\":\"a\",\"key\":\"\",\"data\":1}|INVALID_FIELD",
                "{\"topic\":\"a\",\"key\":1,\"data\":1}|INVALID_FIELD",
                "{\"topic\":\"a\",\"key\":\"\\ud800\",\"data\":1}|INVALID_FIELD",
                "{\"topic\":\"a/*\",\"data\":1}|INVALID_TOPIC",
                "{\"topic\":\"\",\"data\":1}|INVALID_TOPIC",
                "{\"topic\":\"/a\",\"data\":1}|INVALID_TOPIC",
                "{\"topic\":\"meta/a\",\"data\":1}|INVALID_TOPIC",
                "{\"topic\":7,\"data\":1}|INVALID_FIELD",
                "{\"topics\":[\"a\"],\"data\":1}|UNKNOWN_FIELD"
            })
    void whatIsWrongIsRefusedByItsCode(String text, ErrorCode code) {
        assertEquals(code, refused(text).code());
    }
}
