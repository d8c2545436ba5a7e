package megacomet.loadtest.message;

/**
 * A message on its way to the server.
 *
 * @param group whose it is
 * @param browser the index of the browser in its group, or {@link #TOPIC} for all of the group
 * @param number which message of this process it is; of a topic, which of the topic
 * @param sequence which of its recipient's messages it is, from 0
 * @param dueUs when it was to be published by the plan
 */
public record Publication(int group, int browser, int number, int sequence, long dueUs) {

    public static final int TOPIC = -1;

    public boolean isOfTopic() {
        return browser == TOPIC;
    }
}
