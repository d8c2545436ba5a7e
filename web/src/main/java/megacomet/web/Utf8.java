package megacomet.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8, and nothing that is nearly UTF-8. */
public final class Utf8 {

    private Utf8() {}

    /** Returns the text, or throws a {@link Problem}: what is broken is refused, not repaired. */
    public static String decode(byte[] bytes) {
        // The quick way first: only broken bytes decode to U+FFFD, but for that character itself.
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.of(ErrorCode.INVALID_UTF8);
        }
    }
}
