package megacomet.publisher;

import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.redis.Publisher.Publication;

/**
 * A message and to whom it goes, as an application sent it; checked.
 *
 * @param clients to whom; none if it is for a topic
 * @param isToMany whether it named its clients in a list, and is answered with a list
 * @param topic for whose followers it is, or null
 */
record Letter(List<ClientId> clients, boolean isToMany, Topic topic, Publication publication) {

    static Letter toClients(List<ClientId> clients, boolean isToMany, Publication publication) {
        return new Letter(clients, isToMany, null, publication);
    }

    /** How many messages it is where they are counted: one for each client. */
    int messages() {
        return topic == null ? clients.size() : 1;
    }

    static Letter toTopic(Topic topic, Publication publication) {
        return new Letter(List.of(), false, topic, publication);
    }
}
