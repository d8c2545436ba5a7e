package megacomet.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What an option's value must be, and the sentence if it is not. */
final class Checks {

    private Checks() {}

    static void isWithin(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " is " + value + ", it must be " + least + " to " + most);
        }
    }

    static void isPort(String option, int port) {
        isWithin(option, port, 1, 65_535);
    }

    static void isLoopback(String option, String host) {
        try {
            if (InetAddress.getByName(host).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(option + " is no host that is known: " + host, e);
        }
        throw new IllegalArgumentException("--open serves loopback only, and " + option + " is " + host);
    }
}
