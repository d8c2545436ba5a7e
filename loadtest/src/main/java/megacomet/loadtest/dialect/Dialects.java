package megacomet.loadtest.dialect;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import megacomet.loadtest.wire.Target;

/** The servers and transports that are spoken. */
public enum Dialects {
    MEGA_JSON {
        @Override
        public Dialect at(Target target, Setting setting) {
            return new MegaPoll(target, setting, false);
        }
    },
    MEGA_JSONP {
        @Override
        public Dialect at(Target target, Setting setting) {
            return new MegaPoll(target, setting, true);
        }
    },
    MEGA_SSE {
        @Override
        public Dialect at(Target target, Setting setting) {
            return new MegaSse(target, setting);
        }
    },
    MEGA_WS {
        @Override
        public Dialect at(Target target, Setting setting) {
            return new MegaWebSocket(target, setting);
        }
    },
    NCHAN_LONGPOLL {
        @Override
        public Dialect at(Target target, Setting setting) {
            return new NchanLongPoll(target, setting);
        }

        @Override
        public PublishDialect publisherAt(Target target, PublishSetting setting) {
            return new NchanPublish(target, setting);
        }
    },
    BAYEUX {
        @Override
        public Dialect at(Target target, Setting setting) {
            return new Bayeux(target, setting);
        }

        @Override
        public PublishDialect publisherAt(Target target, PublishSetting setting) {
            return new MegaPublish(target, setting, true);
        }
    },
    PLAIN_HTTP {
        @Override
        public Dialect at(Target target, Setting setting) {
            return new PlainHttp(target);
        }

        @Override
        public boolean isForMessages() {
            return false;
        }
    };

    /** How its browsers speak to a server. */
    public abstract Dialect at(Target target, Setting setting);

    /** How an application publishes to its browsers. */
    public PublishDialect publisherAt(Target target, PublishSetting setting) {
        return new MegaPublish(target, setting, false);
    }

    /** Whether messages can be delivered in it. */
    public boolean isForMessages() {
        return true;
    }

    /** As it is written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The dialect of a name, or an IllegalArgumentException that lists them. */
    public static Dialects named(String word) {
        return Arrays.stream(values())
                .filter(dialect -> dialect.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no dialect; there are " + words()));
    }

    /** All names. */
    public static String words() {
        return Arrays.stream(values()).map(Dialects::word).collect(Collectors.joining(", "));
    }
}
