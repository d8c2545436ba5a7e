package megacomet.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import megacomet.standalone.Converters.ReadableFile;
import megacomet.web.Tls;

/** Where servers listen: what is asked for, and what an open server may. */
final class Hosts {

    static final String LOOPBACK = "127.0.0.1";
    private static final String EVERYWHERE = "0.0.0.0";

    /** Linux's; asking the resolver for it could wait for a name server. */
    private static final Path KERNEL_HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    private Hosts() {}

    /** Returns the host to listen on; an open server listens on loopback or not at all. */
    static String choose(String option, String given, boolean isOpen) {
        if (given == null) {
            return isOpen ? LOOPBACK : EVERYWHERE;
        }
        if (isOpen) {
            Checks.isLoopback(option, given);
        }
        return given;
    }

    /** Returns how to speak TLS, or null if neither file is given. */
    static Tls tls(String option, ReadableFile certificates, ReadableFile key) {
        if ((certificates == null) != (key == null)) {
            throw new IllegalArgumentException(option + "-cert and " + option + "-key go together");
        }
        return certificates == null ? null : new Tls(certificates.path(), key.path());
    }

    /** The name that the machine has for itself; none if it tells none. */
    static List<String> ownNames() {
        try {
            return List.of(Files.readString(KERNEL_HOSTNAME).strip());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The names that a page on loopback may have been loaded by. */
    static Set<String> loopbackOrigins(int port) {
        return Stream.of("localhost", LOOPBACK, "[::1]")
                .flatMap(host -> Stream.of("http://", "https://").map(scheme -> scheme + host + ":" + port))
                .collect(Collectors.toSet());
    }
}
