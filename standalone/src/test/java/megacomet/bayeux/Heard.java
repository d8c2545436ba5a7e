package megacomet.bayeux;

/**
 * What a stock client gave to one of its listeners.
 *
 * @param subscription the channel or pattern that the listener had subscribed to
 * @param channel where the message was published
 * @param data its JSON
 */
record Heard(String subscription, String channel, String data) {}
