package megacomet.loadtest.chaos.judge;

/**
 * How much is allowed.
 *
 * @param deafMs how long a browser that waits may be left without a message while nothing is broken
 * @param transitMs how much after the end of its life a message may come, for having been on its way
 */
public record Bounds(long deafMs, long transitMs) {}
