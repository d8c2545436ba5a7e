package megacomet.loadtest.dialect;

import megacomet.loadtest.wire.Target;

/**
 * What a dialect must know.
 *
 * @param run letters and digits of this run alone
 * @param topic what all browsers follow, or null
 * @param holdTimeoutMs how long a request may be held
 * @param tokens makes the browsers' tokens, or null for none
 */
public record Setting(String run, String topic, long holdTimeoutMs, Tokens tokens) {

    /** The headers of an ordinary browser, without the {@code Host}: what a server must read, and may keep. */
    static String browserHeaders(Target target) {
        return "Host: " + target.authority() + "\r\n"
                + "Connection: keep-alive\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
                + " Safari/537.36\r\n"
                + "Referer: http://" + target.authority() + "/\r\n"
                + "Accept-Encoding: identity\r\n"
                + "Accept-Language: en-US,en;q=0.9\r\n";
    }
}
