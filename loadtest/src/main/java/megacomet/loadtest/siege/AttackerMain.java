package megacomet.loadtest.siege;

import com.fasterxml.jackson.databind.ObjectMapper;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacks.Attacks;

/** The process of an attack. It is told which, at whom and for how long, and its last line is the {@link Outcome} as JSON. */
public final class AttackerMain {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AttackerMain() {}

    public static void main(String... arguments) throws Exception {
        Attack attack = Attacks.named(arguments[0]).get(0);
        Besieged target = JSON.readValue(arguments[1], Besieged.class);
        Deadline deadline = Deadline.in(Long.parseLong(arguments[2]));
        System.out.println(JSON.writeValueAsString(attack.run(target, deadline)));
    }
}
