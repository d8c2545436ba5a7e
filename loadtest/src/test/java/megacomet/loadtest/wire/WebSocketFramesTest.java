package megacomet.loadtest.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramesTest {

    private static final byte[] SWITCH = Scan.ascii("HTTP/1.1 101 Switching Protocols\r\n\r\n");

    private final ResponseReader reader = new ResponseReader();

    private static ByteBuf serverFrame(int firstByte, byte[] payload) {
        ByteBuf frame = Unpooled.buffer().writeByte(firstByte);
        if (payload.length < 126) {
            frame.writeByte(payload.length);
        } else if (payload.length < 65_536) {
            frame.writeByte(126).writeShort(payload.length);
        } else {
            frame.writeByte(127).writeLong(payload.length);
        }
        return frame.writeBytes(payload);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536})
    void messagesOfAnyLengthAreRead(int length) {
        byte[] payload = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        reader.read(Unpooled.wrappedBuffer(SWITCH));
        reader.read(serverFrame(0x81, payload));
        WebSocketFrames.Message message = WebSocketFrames.next(reader);
        assertEquals(WebSocketFrames.TEXT, message.opcode());
        assertArrayEquals(payload, message.payload());
        assertNull(WebSocketFrames.next(reader));
    }

    @Test
    void itDoesNotMatterWhereTheBytesAreCut() {
        reader.read(Unpooled.wrappedBuffer(SWITCH));
        ByteBuf bytes = Unpooled.buffer()
                .writeBytes(serverFrame(0x01, Scan.ascii("hello ")))
                .writeBytes(serverFrame(0x80, Scan.ascii("world")));
        while (bytes.readableBytes() > 1) {
            reader.read(bytes.readSlice(1));
            assertNull(WebSocketFrames.next(reader));
        }
        reader.read(bytes);
        assertEquals("hello world", new String(WebSocketFrames.next(reader).payload(), StandardCharsets.US_ASCII));
    }

    @Test
    void aMaskedFrameFromAServerIsRefused() {
        reader.read(Unpooled.wrappedBuffer(SWITCH));
        reader.read(Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0}));
        assertThrows(MalformedResponse.class, () -> WebSocketFrames.next(reader));
    }

    @Test
    void aClientsFrameIsMasked() {
        ByteBuf out = Unpooled.buffer();
        WebSocketFrames.write(WebSocketFrames.TEXT, Scan.ascii("ab"), out);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        assertArrayEquals(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'a', 'b'}, bytes);
    }
}
