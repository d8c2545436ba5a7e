package megacomet.web;

/** A chunk of a body is not as RFC 9112, section 7.1, says. The message is a sentence for whoever sent it. */
final class InvalidChunk extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidChunk(String why) {
        super(why, null, false, false);
    }
}
