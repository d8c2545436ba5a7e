package megacomet.model;

/**
 * A place in a stream: everything up to {@code number} has been dealt with.
 *
 * @param epoch the tag of the master under which the number was given
 * @param number the place; 0 before the first message of a stream that does not exist yet
 */
public record Position(int epoch, long number) {

    /** Numbers stay below this, so that a double (Lua's and JavaScript's only number) holds them exactly. */
    public static final long MAX_NUMBER = 1L << 53;

    public Position {
        if (number < 0 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("a position of " + number + " is outside 0 to 2^53");
        }
    }
}
