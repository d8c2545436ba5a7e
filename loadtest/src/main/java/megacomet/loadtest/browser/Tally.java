package megacomet.loadtest.browser;

import megacomet.loadtest.measure.Counts;

/** What the browsers of one process report to. One event loop's. */
public interface Tally {

    Counts counts();

    /** One more, or one less, is connected. */
    void connected(int change);

    /** One more, or one less, waits. */
    void held(int change);

    /** A browser dropped by a storm is served again. */
    void back();

    /** A message has come, for the first time. */
    void delivered(int group, boolean isOfTopic, int number, long dueUs);

    /** It cannot go on: something of the machine is exhausted. The sentence says what, and what to do. */
    void exhausted(String sentence);
}
