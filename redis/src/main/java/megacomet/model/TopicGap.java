package megacomet.model;

/**
 * What a client is told when messages of a topic are gone that it had not got.
 *
 * @param topic the topic's name, or the pattern by which it is followed if nobody knows which topics it were
 */
public record TopicGap(String topic, Gap gap) {}
