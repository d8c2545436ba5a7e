package megacomet.loadtest.dialect;

import io.netty.buffer.ByteBuf;
import megacomet.loadtest.wire.ResponseReader;

/**
 * How browsers of one kind wait at a server: what they write, and what they understand of what comes. One instance serves
 * all browsers of a process, on one event loop; what a browser must remember is in the {@link Caller}.
 */
public interface Dialect {

    /** Answer of {@link #read}: there is nothing to do but to wait for more. */
    long WAIT = -1;

    /** Answer of {@link #read}: the server wants this browser no more. */
    long STOP = -2;

    /**
     * Appends the next request, on a connection that is new or has answered the one before.
     *
     * @return whether the browser waits from now on; false if it must wait for {@link #read} to say so, because this is only
     *     the way to it
     */
    boolean request(Caller caller, ByteBuf out);

    /**
     * Reads what has come, as far as it can be understood; called after every portion, once status and headers are complete.
     * A stream takes what it has read off the response's body. Once the response is complete, the answer must be other than
     * {@link #WAIT}.
     *
     * @return {@link #WAIT}, {@link #STOP}, or after how many milliseconds to send the next request
     */
    long read(Caller caller, ResponseReader response);

    /** Whether a {@link Caller#isAsking question} gets its answer at once. Otherwise to have written the request must do. */
    boolean canAsk();
}
