package megacomet.loadtest.dialect;

/**
 * What a publish dialect must know.
 *
 * @param run letters and digits of this run alone
 * @param topic the group's topic, or null
 * @param bytes the size of a message's data
 * @param ttlMs how long a message is kept for a browser that is away
 * @param apiKey the application's key, or null for none
 */
public record PublishSetting(String run, String topic, int bytes, long ttlMs, String apiKey) {}
