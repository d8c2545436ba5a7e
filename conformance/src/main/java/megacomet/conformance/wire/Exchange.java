package megacomet.conformance.wire;

/**
 * Something that went over the wire, as a report shows it.
 *
 * @param atMs when it began, since the statement's begin
 * @param title who did what: {@code POST http://…}, {@code frame to the server}
 * @param sent headers and body, or the frame
 * @param received the answer; empty when there was none (yet)
 */
public record Exchange(long atMs, String title, String sent, String received) {

    private static final int TEXT_MAX_LENGTH = 16 * 1024;

    public Exchange {
        sent = shortened(sent);
        received = shortened(received);
    }

    private static String shortened(String text) {
        return text.length() <= TEXT_MAX_LENGTH
                ? text
                : text.substring(0, TEXT_MAX_LENGTH) + "… (" + text.length() + " characters)";
    }
}
