package megacomet.loadtest.chaos.browsers;

import megacomet.loadtest.dialect.Dialect;
import megacomet.loadtest.dialect.Dialects;
import megacomet.loadtest.dialect.Setting;
import megacomet.loadtest.wire.Target;

/** How a browser waits. */
enum Kind {
    JSON(Dialects.MEGA_JSON),
    JSONP(Dialects.MEGA_JSONP),
    SSE(Dialects.MEGA_SSE),
    WEB_SOCKET(Dialects.MEGA_WS),
    BAYEUX(Dialects.BAYEUX);

    private final Dialects dialect;

    Kind(Dialects dialect) {
        this.dialect = dialect;
    }

    Dialect at(Target target, Setting setting) {
        return this == BAYEUX ? new AckingBayeux(target, setting) : dialect.at(target, setting);
    }

    /** Whether messages to its id come to it. Of Bayeux only topics do. */
    boolean hasMailbox() {
        return this != BAYEUX;
    }

    /** Whether a browser that remembers this is somebody whom the server knows, and follows what it asked to follow. */
    boolean hasJoined(byte[] memory) {
        return memory != null && (this != BAYEUX || AckingBayeux.isSubscribed(memory));
    }

    String word() {
        return this == BAYEUX ? "bayeux with ack" : dialect.word();
    }
}
