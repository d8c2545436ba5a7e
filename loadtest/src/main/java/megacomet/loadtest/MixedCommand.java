package megacomet.loadtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import megacomet.loadtest.dialect.Dialects;
import megacomet.loadtest.profile.Group;
import megacomet.loadtest.profile.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code megacomet loadtest mixed}. */
@Command(
        name = "mixed",
        description = "What a profile file says: groups of browsers that speak, follow and come and go differently.",
        mixinStandardHelpOptions = true)
final class MixedCommand extends ScenarioCommand {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(
            paramLabel = "PROFILE",
            description =
                    "A JSON file: {\"groups\":[{\"dialect\":\"mega-json\",\"browsers\":1000,\"rate\":100,\"bytes\":200,"
                            + "\"topic\":\"news\",\"topicRate\":1,\"churn\":5},…]}; only dialect and browsers are needed.")
    private Path profile;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long it is measured. Default: ${DEFAULT-VALUE}.")
    private Duration duration;

    /** What stands in the file. */
    private record ProfileFile(List<Group> groups) {}

    @Override
    Profile profile() {
        List<Group> groups = read().groups();
        if (groups == null) {
            throw new IllegalArgumentException("'" + profile + "' has no groups");
        }
        groups.forEach(group -> Dialects.named(group.dialect()));
        return new Profile(scenario(), groups, duration.toMillis(), 0, 0);
    }

    private ProfileFile read() {
        try {
            return JSON.readValue(profile.toFile(), ProfileFile.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("'" + profile + "' is no profile: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("'" + profile + "' cannot be read", e);
        }
    }
}
