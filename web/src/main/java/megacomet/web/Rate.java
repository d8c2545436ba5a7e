package megacomet.web;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something may happen in the long run, and how often at once after a pause.
 *
 * @param perSecond above 0
 * @param burst at least 1
 */
public record Rate(double perSecond, int burst) {

    /** No limit. */
    public static final Rate OFF = new Rate(Double.POSITIVE_INFINITY, Integer.MAX_VALUE);

    private static final String OFF_TEXT = "off";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(?:/s)?");

    /** @throws IllegalArgumentException with a sentence */
    public Rate {
        if (!(perSecond > 0) || burst < 1) {
            throw new IllegalArgumentException("a rate is above 0, and its burst at least 1");
        }
    }

    /**
     * Reads {@code 100} or {@code 100/s}, whose burst is a second's worth, or {@code off}.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public static Rate parse(String text) {
        if (text.strip().equalsIgnoreCase(OFF_TEXT)) {
            return OFF;
        }
        Matcher match = TEXT.matcher(text.strip());
        if (!match.matches() || Double.parseDouble(match.group(1)) <= 0) {
            throw new IllegalArgumentException("'" + text + "' is no rate like 100/s, nor off");
        }
        double perSecond = Double.parseDouble(match.group(1));
        return new Rate(perSecond, (int) Math.max(1, perSecond));
    }

    /** Returns the same with another burst. */
    public Rate withBurst(int other) {
        return new Rate(perSecond, other);
    }
}
