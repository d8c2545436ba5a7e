package megacomet.loadtest.siege.attacker;

/**
 * What an attack is aimed at, and what attackers know. All ports are on 127.0.0.1: there is no way to name another machine.
 *
 * @param gateway the browsers' port
 * @param gatewayManagement the gateway's port for operators
 * @param publisher the applications' port
 * @param publisherManagement the publisher's port for operators
 * @param further the browsers' port of the gateway that the attack {@link Attack#needs needs} besides, or 0
 * @param secret signs tokens, as the application that gives attackers theirs would
 * @param apiKey an application's key
 * @param spareKey a key that the attack may take out of {@code keysFile}
 * @param keysFile the publisher's keys
 * @param known what {@link Attack#prepare} has found out, or null
 */
public record Besieged(
        int gateway,
        int gatewayManagement,
        int publisher,
        int publisherManagement,
        int further,
        String secret,
        String apiKey,
        String spareKey,
        String keysFile,
        String known) {

    public Besieged withFurther(int port) {
        return new Besieged(
                gateway,
                gatewayManagement,
                publisher,
                publisherManagement,
                port,
                secret,
                apiKey,
                spareKey,
                keysFile,
                known);
    }

    public Besieged withKnown(String found) {
        return new Besieged(
                gateway,
                gatewayManagement,
                publisher,
                publisherManagement,
                further,
                secret,
                apiKey,
                spareKey,
                keysFile,
                found);
    }
}
