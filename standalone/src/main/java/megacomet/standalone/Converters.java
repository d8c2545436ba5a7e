package megacomet.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.redis.link.RedisUrl;
import megacomet.web.Rate;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How values are written on the command line: durations {@code 500ms}, {@code 90s}, {@code 2m}; sizes {@code 64KiB}. */
final class Converters {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,12})\\s*([A-Za-z]*)");
    private static final Map<String, Long> DURATION_UNITS_MS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final Map<String, Long> SIZE_UNITS =
            Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);

    private Converters() {}

    /** A number of bytes. */
    record Size(long bytes) {
        int asInt() {
            return (int) Math.min(Integer.MAX_VALUE, bytes);
        }
    }

    /** A file that can be read. */
    record ReadableFile(Path path) {}

    static void on(CommandLine commands) {
        commands.registerConverter(Duration.class, Converters::duration);
        commands.registerConverter(Size.class, Converters::size);
        commands.registerConverter(RedisUrl.class, sentence(RedisUrl::parse));
        commands.registerConverter(Rate.class, sentence(Rate::parse));
        commands.registerConverter(ReadableFile.class, Converters::readableFile);
    }

    static Duration duration(String text) {
        Matcher match = NUMBER_AND_UNIT.matcher(text.strip());
        Long unitMs = match.matches() ? DURATION_UNITS_MS.get(match.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unitMs == null) {
            throw new TypeConversionException("'" + text + "' is no duration like 500ms, 90s or 2m");
        }
        return Duration.ofMillis(Long.parseLong(match.group(1)) * unitMs);
    }

    static Size size(String text) {
        Matcher match = NUMBER_AND_UNIT.matcher(text.strip());
        Long unit = match.matches() ? SIZE_UNITS.get(match.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new TypeConversionException("'" + text + "' is no size like 65536, 64KiB or 1MiB");
        }
        return new Size(Long.parseLong(match.group(1)) * unit);
    }

    private static ReadableFile readableFile(String text) {
        Path path = Path.of(text);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new TypeConversionException("'" + text + "' is no file that can be read");
        }
        return new ReadableFile(path);
    }

    private static <T> ITypeConverter<T> sentence(ITypeConverter<T> converter) {
        return text -> {
            try {
                return converter.convert(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }
}
