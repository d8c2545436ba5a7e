package megacomet.loadtest.browser;

/**
 * How many browsers are due when so many are to be opened at a rate. The rate rises evenly from nothing within the first tenth
 * of the time, {@value #LONGEST_S} s at most: servers that have just started compile what the first polls need, and would be
 * overrun.
 */
final class Ramp {

    private static final double LONGEST_S = 120;

    private final double rate;
    private final double risesS;

    /** @param rate browsers a second, finite */
    Ramp(int browsers, double rate) {
        this.rate = rate;
        this.risesS = Math.min(LONGEST_S, browsers / rate / 10);
    }

    /** Returns how many are due after so many seconds. */
    double dueAfter(double seconds) {
        return seconds < risesS ? rate * seconds * seconds / (2 * risesS) : rate * (seconds - risesS / 2);
    }

    /** Returns how many may be opened at once when they are late: a second's, at the rate that it rises to. */
    double mostAtOnce() {
        return Math.max(1, rate);
    }

    /** Returns after how many seconds so many are due. */
    double secondsUntil(double count) {
        boolean isRising = count < rate * risesS / 2;
        return isRising ? Math.sqrt(2 * risesS * count / rate) : count / rate + risesS / 2;
    }
}
