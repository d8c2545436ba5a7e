package megacomet.loadtest.browser;

import java.util.Locale;

/** Tells what of this machine has come to its end by what the kernel said. */
final class Exhaustion {

    private Exhaustion() {}

    /** A sentence that says what to do, or null if nothing is exhausted. */
    static String sentence(String reason) {
        String said = reason.toLowerCase(Locale.ROOT);
        if (said.contains("too many open files")) {
            return "the open files of a process are exhausted (ulimit -n); give a smaller --files-per-process";
        }
        if (said.contains("cannot assign requested address") || said.contains("address already in use")) {
            return "the source ports are exhausted; give more source addresses: --source A,B,…";
        }
        if (said.contains("no buffer space") || said.contains("cannot allocate memory")) {
            return "the kernel's memory for sockets is exhausted (net.ipv4.tcp_mem, free memory)";
        }
        return null;
    }
}
