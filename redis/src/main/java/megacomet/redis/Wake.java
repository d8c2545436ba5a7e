package megacomet.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.model.Page;

/**
 * What a script tells the node that owns a client: "there may be something for this client". It is a hint. It usually
 * carries the message, so that nothing has to be read, but one that is lost is a delay and never a loss: see {@link
 * WakeLedger}. Its bytes are laid out in owner.lua.
 */
public sealed interface Wake {

    /** Which of the client's claims the sender saw; see {@link Mailboxes}. */
    long generation();

    /** Whom it is about. */
    ClientId client();

    /**
     * A message was appended.
     *
     * @param epoch under which the numbers were given
     * @param before the number before it, 0 if it is the stream's first
     * @param number the message's number
     * @param message the message, or null if it is too long for a wake and must be read
     */
    record Appended(ClientId client, long generation, int epoch, long before, long number, Message message)
            implements Wake {}

    /**
     * Another loop or node has claimed the client.
     *
     * @param generation of the claim that was taken from the receiver
     * @param newGeneration of the claim that took it
     * @param by the poll that took it
     */
    record Moved(ClientId client, long generation, long newGeneration, Page by) implements Wake {}

    /** The application has emptied the mailbox and wants the hold to end. */
    record Ended(ClientId client, long generation) implements Wake {}

    /** The application has changed what the client follows; a new claim tells to what. */
    record FollowsChanged(ClientId client, long generation) implements Wake {}

    /** A wake with what only the node's ears need. */
    record Received(int loop, long counter, Wake wake) {}

    /**
     * Reads what came on a channel.
     *
     * @throws IllegalArgumentException if it is no wake
     */
    static Received parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int format = in.get();
            if (format != 1) {
                throw new IllegalArgumentException("a wake of format " + format + " is not known");
            }
            int kind = in.get();
            int epoch = in.getInt();
            long counter = in.getLong();
            int loop = Short.toUnsignedInt(in.getShort());
            long generation = in.getLong();
            byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(name);
            ClientId client = new ClientId(new String(name, StandardCharsets.UTF_8));
            return new Received(loop, counter, read(kind, in, client, generation, epoch));
        } catch (java.nio.BufferUnderflowException e) {
            throw new IllegalArgumentException("a wake of " + bytes.length + " bytes is not whole", e);
        }
    }

    private static Wake read(int kind, ByteBuffer in, ClientId client, long generation, int epoch) {
        switch (kind) {
            case 1:
                long before = in.getLong();
                long number = in.getLong();
                Message message = in.hasRemaining() ? Message.fromEnvelope(null, in) : null;
                return new Appended(client, generation, epoch, before, number, message);
            case 2:
                long newGeneration = in.getLong();
                byte[] conn = new byte[Long.BYTES];
                in.get(conn);
                return new Moved(client, generation, newGeneration, Page.of(conn, in.getLong()));
            case 3:
                return new Ended(client, generation);
            case 4:
                return new FollowsChanged(client, generation);
            default:
                throw new IllegalArgumentException("a wake of kind " + kind + " is not known");
        }
    }
}
