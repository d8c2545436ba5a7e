package megacomet.publisher;

import java.net.URI;

/**
 * Where events are posted.
 *
 * @param url http or https
 * @param secret with which what is posted is signed
 */
public record WebhookOptions(URI url, byte[] secret) {

    /** @throws IllegalArgumentException with a sentence if it is no such URL, or the secret is too short to be one */
    public WebhookOptions {
        boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!isHttp || url.getHost() == null) {
            throw new IllegalArgumentException("the webhook's URL is not http[s]://host[:port]/path");
        }
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("the webhook's secret has less than " + MIN_SECRET_BYTES + " bytes");
        }
    }

    /** The shortest secret. */
    public static final int MIN_SECRET_BYTES = 16;
}
