package megacomet.conformance.judge;

/** How much depends on a statement. */
public enum Level {
    /** The specification says MUST. */
    MUST("must"),
    /** The specification says SHOULD or RECOMMENDED. */
    SHOULD("should"),
    /** A stock client of CometD or Faye does not work, or loses or repeats messages, without it. */
    CLIENT("client"),
    /** What a careful server does beyond that. */
    HARDENING("hardening");

    private final String word;

    Level(String word) {
        this.word = word;
    }

    /** The word for it on the command line and in reports. */
    public String word() {
        return word;
    }

    /** Whether a server that fails such a statement fails as a whole. */
    public boolean isNeeded() {
        return this == MUST || this == CLIENT;
    }

    public static Level of(String word) {
        for (Level level : values()) {
            if (level.word.equalsIgnoreCase(word)) {
                return level;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is no level; there are must, should, client, hardening");
    }
}
