package megacomet.standalone;

import java.lang.reflect.Proxy;

/**
 * The signal SIGHUP, by which operators have a service read its files again. A JVM ends at it, unless somebody handles it.
 *
 * <p>The JDK has {@code sun.misc.Signal} for this, in its module {@code jdk.unsupported}, and nothing else; the compiler warns of every use and
 * cannot be told not to. So it is called by name, here and nowhere else.
 */
final class Hangup {

    private final Class<?> signals;
    private final Class<?> handlers;

    private Hangup() throws ClassNotFoundException {
        signals = Class.forName("sun.misc.Signal");
        handlers = Class.forName("sun.misc.SignalHandler");
    }

    /**
     * Has SIGHUP do this from now on, on a thread of its own, and not end the process.
     *
     * @return what makes it as it was before
     * @throws IllegalStateException if this JVM leaves the signal to others, as with {@code -Xrs}
     */
    static Runnable handle(Runnable then) {
        try {
            Hangup hangup = new Hangup();
            Object before = hangup.set(hangup.handler(then));
            return () -> {
                try {
                    hangup.set(before);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("what could be set can be set again", e);
                }
            };
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIGHUP is not for this process to handle", e);
        }
    }

    private Object handler(Runnable then) {
        return Proxy.newProxyInstance(
                Hangup.class.getClassLoader(), new Class<?>[] {handlers}, (proxy, method, given) -> {
                    if (method.getName().equals("handle")) {
                        then.run();
                    }
                    return null;
                });
    }

    private Object set(Object handler) throws ReflectiveOperationException {
        Object hup = signals.getConstructor(String.class).newInstance("HUP");
        return signals.getMethod("handle", signals, handlers).invoke(null, hup, handler);
    }
}
