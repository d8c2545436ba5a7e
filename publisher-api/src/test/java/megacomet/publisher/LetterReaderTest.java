package megacomet.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import megacomet.model.ClientId;
import megacomet.redis.TopicRules;
import megacomet.web.ErrorCode;
import megacomet.web.fixture.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a message is taken from a text: its fields, and its data untouched. */
class LetterReaderTest {

    private final LetterReader reader = new LetterReader(new PublishLimits(100, 10_000, 10_000, 3), TopicRules.NONE);

    private String dataOf(String data) {
        return new String(
                reader.one("{\"client\":\"42\",\"data\":" + data + "}")
                        .publication()
                        .data(),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "0",
                "-0",
                "-0.0",
                "1E+2",
                "1.10",
                "9007199254740993",
                "123456789012345678901234567890.000000000000000000001",
                "1e-999999",
                "\"\"",
                "\"\u2028\u2029\ufeff\u00a0\ud83d\ude00</script>\"",
                "\"\\u2028\\ud83d\\/\\\"\\\\\"",
                "\" \\\" { , : } \\\\\"",
                "{\"b\":1,\"a\":2,\"b\":3}",
                "[[],{},[{}]]",
                "{\"\":{\" \":\" \"}}"
            })
    void dataIsKeptCharacterForCharacter(String data) {
        assertEquals(data, dataOf(data));
    }

    @Test
    void durabilityIsReplicatedOrIsNotThere() {
        assertFalse(reader.one("{\"client\":\"42\",\"data\":1}").publication().isReplicated());
        assertTrue(reader.one("{\"client\":\"42\",\"data\":1,\"durability\":\"replicated\"}")
                .publication()
                .isReplicated());
        for (String other : List.of("\"master\"", "\"\"", "true", "null", "1")) {
            Refused.with(
                    ErrorCode.INVALID_FIELD,
                    () -> reader.one("{\"client\":\"42\",\"data\":1,\"durability\":" + other + "}"));
        }
    }

    @Test
    void dataLosesTheWhitespaceBetweenItsTokensAndNoOther() {
        assertEquals("{\"a b\":[1,\" \\t \",{}]}", dataOf(" \n{ \"a b\"\t:\r\n[ 1 , \" \\t \" ,{ } ] } "));
    }

    @Test
    void anyDataWithAnyWhitespaceIsKept() {
        Random random = new Random(3);
        LetterReader large = new LetterReader(PublishLimits.DEFAULT, TopicRules.NONE);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder spaced = new StringBuilder();
            StringBuilder compact = new StringBuilder();
            write(random, 4, spaced, compact);
            Letter letter = large.one("{\"data\":" + spaced + ",\"client\":\"42\"}");
            assertEquals(compact.toString(), new String(letter.publication().data(), StandardCharsets.UTF_8));
        }
    }

    private static void write(Random random, int depth, StringBuilder spaced, StringBuilder compact) {
        int kind = random.nextInt(depth == 0 ? 3 : 5);
        if (kind < 3) {
            String[] scalars = {
                "1", "-2.50e3", "null", "\"\"", "\" \\\\\"", "\"a\\\"b \\n\"", "\"\u00e9\u2028 \\u0000\""
            };
            token(scalars[random.nextInt(scalars.length)], random, spaced, compact);
            return;
        }
        token(kind == 3 ? "[" : "{", random, spaced, compact);
        int length = random.nextInt(4);
        for (int i = 0; i < length; i++) {
            if (i > 0) {
                token(",", random, spaced, compact);
            }
            if (kind == 4) {
                token("\"k \\\\" + i + "\"", random, spaced, compact);
                token(":", random, spaced, compact);
            }
            write(random, depth - 1, spaced, compact);
        }
        token(kind == 3 ? "]" : "}", random, spaced, compact);
    }

    private static void token(String token, Random random, StringBuilder spaced, StringBuilder compact) {
        for (int i = random.nextInt(3); i > 0; i--) {
            spaced.append(" \t\r\n".charAt(random.nextInt(4)));
        }
        spaced.append(token);
        compact.append(token);
    }

    @Test
    void theLimitCountsTheBytesThatAreDelivered() {
        String most = "\"" + "\u00e9".repeat(49) + "\"";
        assertEquals(most, dataOf(" ".repeat(500) + most));
        Refused.with(ErrorCode.MESSAGE_TOO_LARGE, () -> dataOf("\"" + "\u00e9".repeat(49) + "x\""));
    }

    @Test
    void whatIsNotSaidHasItsDefault() {
        Letter letter = reader.one("{\"client\":\"42\",\"data\":1}");
        assertEquals(List.of(new ClientId("42")), letter.clients());
        assertFalse(letter.isToMany());
        assertEquals(60_000, letter.publication().lifeMs());
        assertNull(letter.publication().id());
    }

    @Test
    void fieldsMayComeInAnyOrder() {
        Letter letter = reader.one("{\"id\":\"x\",\"data\":{},\"ttlMs\":604800000,\"clients\":[\"b\",\"a\"]}");
        assertEquals(List.of(new ClientId("b"), new ClientId("a")), letter.clients());
        assertTrue(letter.isToMany());
        assertEquals(604_800_000, letter.publication().lifeMs());
        assertEquals("x", letter.publication().id());
    }

    @Test
    void anIdIsCountedInCharactersAsPeopleCountThem() {
        String most = "\ud83d\ude00".repeat(128);
        assertEquals(
                most,
                reader.one("{\"client\":\"42\",\"data\":1,\"id\":\"" + most + "\"}")
                        .publication()
                        .id());
        Refused.with(
                ErrorCode.INVALID_FIELD, () -> reader.one("{\"client\":\"42\",\"data\":1,\"id\":\"" + most + "x\"}"));
    }

    @Test
    void theFirstThingThatIsWrongIsTold() {
        assertRefused(ErrorCode.UNKNOWN_FIELD, "{\"x\":{\"client\":[1]},\"client\":\"\",\"ttlMs\":0}");
        assertRefused(ErrorCode.INVALID_FIELD, "{\"ttlMs\":{\"a\":[]},\"x\":1}");
        assertRefused(ErrorCode.INVALID_FIELD, "{\"clients\":[\"a\",[\"b\"],\"c\"],\"x\":1}");
        assertRefused(ErrorCode.INVALID_FIELD, "{\"clients\":[\"a\",\"b\",\"c\",\"d\"],\"data\":1}");
    }

    private void assertRefused(ErrorCode code, String message) {
        Refused.with(code, () -> reader.one(message));
    }

    @Test
    void inAnArrayWhatIsWrongStandsInItsPlace() {
        assertTrue(LetterReader.isArray(" \r\n\t["));
        assertFalse(LetterReader.isArray("{\"a\":[]}"));
        assertFalse(LetterReader.isArray(" "));
        List<LetterReader.Read> all = reader.many(
                "[{\"client\":\"1\",\"data\":[1]},{\"x\":[{}]},[[1]],\"[\",{\"client\":\"2\",\"data\":{\"a\":2}}]");
        assertEquals(
                "[null, unknown_field, invalid_field, invalid_field, null]",
                all.stream()
                        .map(read -> read.problem() == null
                                ? null
                                : read.problem().code().word())
                        .toList()
                        .toString());
        assertEquals(
                List.of("[1]", "{\"a\":2}"),
                Stream.of(all.get(0), all.get(4))
                        .map(read -> new String(read.letter().publication().data(), StandardCharsets.UTF_8))
                        .toList());
        assertTrue(reader.many("[]").isEmpty());
    }

    @Test
    void aClientThatIsNamedAgainIsOne() {
        String same = String.join(",", java.util.Collections.nCopies(1_000, "\"a\",\"b\""));
        Letter letter = reader.one("{\"clients\":[" + same + "],\"data\":1}");
        assertEquals(List.of(new ClientId("a"), new ClientId("b")), letter.clients());
    }

    @Test
    void nobodyPublishesToASession() {
        Refused.with(ErrorCode.INVALID_CLIENT, () -> reader.one("{\"client\":\"bayeux:x\",\"data\":1}"));
        Refused.with(ErrorCode.INVALID_CLIENT, () -> reader.one("{\"clients\":[\"a\",\"bayeux:x\"],\"data\":1}"));
    }

    @Test
    void anArrayHasSoManyMessagesAndRecipientsAndNoMore() {
        String messages = String.join(",", java.util.Collections.nCopies(20_000, "1"));
        assertEquals(20_000, reader.many("[" + messages + "]").size());
        Refused.with(ErrorCode.BODY_TOO_LARGE, () -> reader.many("[1," + messages + "]"));
        LetterReader wide = new LetterReader(PublishLimits.DEFAULT, TopicRules.NONE);
        String clients = java.util.stream.IntStream.range(0, 1_000)
                .mapToObj(i -> "\"" + i + "\"")
                .collect(java.util.stream.Collectors.joining(","));
        String toAll = "{\"clients\":[" + clients + "],\"data\":1}";
        String most = String.join(",", java.util.Collections.nCopies(100, toAll));
        assertEquals(100, wide.many("[" + most + "]").size());
        Refused.with(ErrorCode.BODY_TOO_LARGE, () -> wide.many("[1," + most + "]"));
    }
}
