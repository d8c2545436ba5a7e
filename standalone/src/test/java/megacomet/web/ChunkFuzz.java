package megacomet.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import megacomet.fuzz.Holds;

/** Bodies in chunks. Where a body ends does not depend on how the network cut it up. */
public final class ChunkFuzz {

    private ChunkFuzz() {}

    public static void chunks(byte[] bytes) {
        Body whole = read(bytes, bytes.length);
        for (int piece : new int[] {1, 2, 7}) {
            Body other = read(bytes, piece);
            Holds.that(whole.isOver == other.isOver, "it ends or it does not");
            Holds.that(whole.isWrong == other.isWrong, "it is wrong or it is not");
            Holds.that(!whole.isOver || whole.length == other.length, "it ends at one place");
            Holds.that(whole.isWrong || whole.data.toString().equals(other.data.toString()), "it has one content");
        }
        Holds.that(whole.data.size() <= bytes.length, "nothing comes from nowhere");
    }

    private static final class Body {
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        boolean isOver;
        boolean isWrong;
        int length;
    }

    private static Body read(byte[] bytes, int piece) {
        Body body = new Body();
        ChunkReader reader = new ChunkReader();
        ByteBuf in = Unpooled.buffer();
        try {
            for (int at = 0; at < bytes.length && !body.isOver; at += piece) {
                in.writeBytes(bytes, at, Math.min(piece, bytes.length - at));
                drain(reader, in, body);
            }
        } catch (InvalidChunk invalid) {
            body.isWrong = true;
        }
        body.length = in.readerIndex();
        return body;
    }

    private static void drain(ChunkReader reader, ByteBuf in, Body body) {
        int before;
        do {
            before = in.readableBytes();
            List<Object> out = new ArrayList<>();
            body.isOver = reader.read(in, out);
            for (Object one : out) {
                ByteBuf content = ((HttpContent) one).content();
                byte[] data = new byte[content.readableBytes()];
                content.readBytes(data);
                body.data.writeBytes(data);
            }
        } while (!body.isOver && in.readableBytes() < before);
    }
}
