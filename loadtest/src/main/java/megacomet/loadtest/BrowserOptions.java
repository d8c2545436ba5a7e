package megacomet.loadtest;

import megacomet.loadtest.dialect.Dialects;
import megacomet.loadtest.profile.Group;
import picocli.CommandLine.Option;

/** What browsers there are, in scenarios that have one kind of them. */
final class BrowserOptions {

    @Option(
            names = {"-n", "--browsers"},
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many browsers. Default: ${DEFAULT-VALUE}.")
    private int browsers;

    @Option(
            names = "--dialect",
            paramLabel = "NAME",
            defaultValue = "mega-json",
            description =
                    "mega-json, mega-jsonp, mega-sse, mega-ws, nchan-longpoll, bayeux or plain-http. Default: ${DEFAULT-VALUE}.")
    private String dialect;

    Group toGroup(double rate, int bytes, String topic, double topicRate) {
        return new Group(Dialects.named(dialect).word(), browsers, rate, bytes, topic, topicRate, 0, false);
    }

    /** Each gets its next message when it has the one before. */
    Group toLoops(int bytes) {
        return new Group(Dialects.named(dialect).word(), browsers, 0, bytes, null, 0, 0, true);
    }
}
