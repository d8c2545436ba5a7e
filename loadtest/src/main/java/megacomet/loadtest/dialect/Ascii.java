package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes plain text. */
final class Ascii {

    private Ascii() {}

    static void write(String text, ByteBuf out) {
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }
}
