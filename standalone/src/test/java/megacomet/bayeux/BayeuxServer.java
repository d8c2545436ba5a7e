package megacomet.bayeux;

/** A server that the scenarios are carried out against, on this machine. */
interface BayeuxServer extends AutoCloseable {

    int port();

    /** Where its clients connect. */
    default String url() {
        return "http://127.0.0.1:" + port() + "/bayeux";
    }

    /** Ends it as its operators would, and starts it again at the same place. */
    void restart() throws Exception;

    @Override
    void close() throws Exception;
}
