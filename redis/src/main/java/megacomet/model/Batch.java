package megacomet.model;

import java.util.List;

/**
 * What one read of a stream gives.
 *
 * @param messages what is alive after the position that was read from, oldest first
 * @param position what the client's cursor says once it has these messages and the gap
 * @param gap what it missed before or between them, or null
 * @param complete false if there is more, which did not fit into one answer
 */
public record Batch(List<Message> messages, Position position, Gap gap, boolean complete) {}
