package megacomet.fuzz;

import java.util.Locale;
import java.util.function.Consumer;
import megacomet.gateway.bayeux.BayeuxFuzz;
import megacomet.gateway.transport.TransportFuzz;
import megacomet.model.ModelFuzz;
import megacomet.publisher.LetterFuzz;
import megacomet.web.ChunkFuzz;
import megacomet.web.HeadFuzz;
import megacomet.web.InflateFuzz;

/** Where hostile bytes come in. The order is that of the first byte that {@link Entrance} takes. */
enum Target {
    ENVELOPE(ModelFuzz::envelope),
    CURSOR(ModelFuzz::cursor),
    NAME(ModelFuzz::name),
    QUERY(TransportFuzz::query),
    BODY(TransportFuzz::body),
    CALLBACK(TransportFuzz::callback),
    FRAME(TransportFuzz::frame),
    BAYEUX(BayeuxFuzz::messages),
    LETTER(LetterFuzz::letter),
    HTTP(HttpFuzz::http),
    HEAD(HeadFuzz::head),
    CHUNKS(ChunkFuzz::chunks),
    INFLATE(InflateFuzz::inflate);

    private final Consumer<byte[]> entrance;

    Target(Consumer<byte[]> entrance) {
        this.entrance = entrance;
    }

    /** Throws if it does not hold what it promises. */
    void enter(byte[] bytes) {
        entrance.accept(bytes);
    }

    /** The name of its corpus. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
