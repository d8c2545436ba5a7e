package megacomet.publisher;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import megacomet.fuzz.Holds;
import megacomet.gateway.transport.TransportFuzz;
import megacomet.redis.TopicRules;
import megacomet.web.Problem;

/** What applications say. */
public final class LetterFuzz {

    private static final LetterReader READER = new LetterReader(PublishLimits.DEFAULT, TopicRules.NONE);

    private LetterFuzz() {}

    public static void letter(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<LetterReader.Read> all;
        try {
            all = LetterReader.isArray(text)
                    ? READER.many(text)
                    : List.of(new LetterReader.Read(READER.one(text), null));
        } catch (Problem refused) {
            isSayable(refused);
            return;
        }
        for (LetterReader.Read read : all) {
            Holds.that((read.letter() == null) != (read.problem() == null), "a letter, or what is wrong with it");
            Stream.ofNullable(read.problem()).forEach(LetterFuzz::isSayable);
            Stream.ofNullable(read.letter()).forEach(LetterFuzz::check);
        }
    }

    private static void check(Letter letter) {
        TransportFuzz.isCompactJson(letter.publication().data());
        Holds.that(
                letter.publication().data().length <= PublishLimits.DEFAULT.messageMaxBytes(),
                "a message has its size");
        Holds.that((letter.topic() == null) != letter.clients().isEmpty(), "it is for clients or for a topic");
    }

    private static void isSayable(Problem problem) {
        Holds.that(problem.json().toString().length() < 1_000, "a problem is short");
    }
}
