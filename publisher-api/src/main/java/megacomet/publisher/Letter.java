package megacomet.publisher;

import java.util.List;
import megacomet.model.ClientId;
import megacomet.redis.Publisher.Publication;

/**
 * A message and to whom it goes, as an application sent it; checked.
 *
 * @param isToMany whether it named its clients in a list, and is answered with a list
 */
record Letter(List<ClientId> clients, boolean isToMany, Publication publication) {}
