package megacomet.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import megacomet.model.TopicPattern;

/** The names that were read lately: a hundred thousand clients that follow the same share one object. For one event loop. */
final class SharedNames {

    private static final int MAX_NAMES = 4_000;

    private final Map<String, TopicPattern> names = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TopicPattern> eldest) {
            return size() > MAX_NAMES;
        }
    };

    TopicPattern of(String name) {
        return names.computeIfAbsent(name, TopicPattern::new);
    }
}
