package megacomet.publisher;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/** What stands in paths and queries. An empty parameter is as good as none. */
final class Queries {

    private Queries() {}

    static Topic topic(String name) {
        try {
            return new Topic(name);
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_TOPIC, e.getMessage());
        }
    }

    static TopicPattern pattern(String name) {
        try {
            return new TopicPattern(name);
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_TOPIC, e.getMessage());
        }
    }

    /** Returns the parameter's value, or null. */
    static String text(RoutingContext context, String name) {
        List<String> values = context.queryParam(name);
        if (values.size() > 1) {
            throw Problem.of(ErrorCode.INVALID_PARAMETER, name + " is there more than once.");
        }
        return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    static boolean flag(RoutingContext context, String name) {
        String value = text(context, name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw Problem.of(ErrorCode.INVALID_PARAMETER, name + " is true or false.");
    }

    /** Returns a whole number from 1 to {@code most}. */
    static int limit(RoutingContext context, String name, int otherwise, int most) {
        String value = text(context, name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Problem.of(ErrorCode.INVALID_PARAMETER, name + " is not a whole number from 1 to " + most + ".");
    }
}
