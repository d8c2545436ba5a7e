package megacomet.loadtest;

/** What is to be done when this process is told to end before something is over; nothing once it is. */
final class AtCtrlC implements AutoCloseable {

    private final Thread hook;

    private AtCtrlC(Thread hook) {
        this.hook = hook;
    }

    static AtCtrlC run(Runnable what) {
        Thread hook = new Thread(what, "interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        return new AtCtrlC(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // It is that hook which made this end.
        }
    }
}
