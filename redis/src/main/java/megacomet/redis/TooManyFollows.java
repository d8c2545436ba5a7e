package megacomet.redis;

/** A client cannot follow more than {@value megacomet.model.Cursor#MAX_TOPICS} topics and patterns. */
public final class TooManyFollows extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyFollows() {
        super("the client follows as many topics as it may", null, false, false);
    }
}
