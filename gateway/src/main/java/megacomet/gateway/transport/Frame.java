package megacomet.gateway.transport;

import java.util.List;
import megacomet.gateway.publish.BrowserPublisher;

/** What a browser says on its WebSocket: one thing a frame. */
sealed interface Frame {

    /** The longest life of a message. */
    long MAX_TTL_MS = 604_800_000;

    /** The longest id, and the longest key, in characters. */
    int NAME_MAX_LENGTH = 128;

    /** {@code {"follow":["a","b/*"]}}: it wants these too. */
    record Follow(List<String> names) implements Frame {}

    /** {@code {"unfollow":["a"]}}: it wants these no more. */
    record Unfollow(List<String> names) implements Frame {}

    /** {@code {"ack":"…"}}: it has got what came with this cursor and before. */
    record Ack(String cursor) implements Frame {}

    /** {@code {"token":"…"}}: a token instead of the one that will expire. */
    record Refresh(String token) implements Frame {}

    /** {@code {"publish":{"topic":"a","data":…}}}: a message to whoever follows a topic. */
    record Publish(BrowserPublisher.Post post) implements Frame {}
}
