package megacomet.conformance.judge;

/** When a statement is judged, in relation to the others. */
public enum Turn {
    /** Together with others: most of them wait for most of the time. */
    TOGETHER,
    /** With nothing beside it, because it makes load, or would be disturbed by it. */
    ALONE,
    /** After everything else, because servers are known to die of it. */
    LAST
}
