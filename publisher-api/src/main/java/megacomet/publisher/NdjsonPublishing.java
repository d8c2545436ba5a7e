package megacomet.publisher;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.Deque;
import megacomet.web.Bodies;
import megacomet.web.BodyReader;
import megacomet.web.ErrorCode;
import megacomet.web.Guard;
import megacomet.web.MediaType;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;
import megacomet.web.Utf8;

/**
 * One request of messages as NDJSON, published while it is read and answered, a line for each, in their order.
 *
 * <p>Memory is bounded whatever its length: no more than {@value #MAX_UNANSWERED_LINES} lines, which name no more than {@value
 * #MAX_UNANSWERED_MESSAGES} clients and topics together and one line's, are on their way to Redis, and no more than {@value #MAX_UNREAD_BYTES} bytes of answers wait for the application to read them; beyond either, the
 * request is not read on. So an application that sends everything before it reads anything gets through with about 200,000
 * lines, and one that reads as it sends with any number.
 *
 * <p>A line that has begun must be whole within {@link BodyReader#MAX_MS}, and counts among the process's bodies until it is. Between
 * lines an application may be silent for as long as it likes.
 *
 * <p>A line that is wrong is answered with an error and its number, and the rest goes on. Empty lines are passed over.
 */
final class NdjsonPublishing {

    private static final int MAX_UNANSWERED_LINES = 1_024;
    private static final int MAX_UNANSWERED_MESSAGES = 10_000;
    private static final int MAX_UNREAD_BYTES = 16 << 20;
    private static final int CHUNK_BYTES = 16 << 10;

    /** Counts messages, and says how long to pause after them. */
    interface Pace {
        long pauseMs(int messages);
    }

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final LetterReader reader;
    private final Delivery delivery;
    private final PublishLimits limits;
    private final Pace pace;
    private final Guard guard;
    private final Deque<Future<? extends JsonNode>> unanswered = new ArrayDeque<>();
    private Buffer answers = Buffer.buffer();
    private Buffer line = Buffer.buffer();
    private boolean isLineTooLong;
    private int lineNumber = 1;
    private int unansweredMessages;
    /** Which line was under way when that was last looked at; 0 if nobody looks. */
    private int lookedAtLine;

    private int unreadBytes;
    private boolean isPaused;
    private boolean isResting;
    private long pauseMs;
    private boolean hasEnded;
    private boolean isGone;

    NdjsonPublishing(
            Vertx vertx,
            HttpServerRequest request,
            LetterReader reader,
            Delivery delivery,
            PublishLimits limits,
            Pace pace,
            Guard guard) {
        this.vertx = vertx;
        this.guard = guard;
        this.pace = pace;
        this.request = request;
        this.response = request.response();
        this.reader = reader;
        this.delivery = delivery;
        this.limits = limits;
    }

    void start() {
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            response.writeContinue();
        }
        response.setChunked(true).putHeader("content-type", MediaType.NDJSON).putHeader("cache-control", "no-store");
        request.exceptionHandler(broken -> gone()).handler(this::read).endHandler(end -> {
            if (!isGone) {
                endLine();
                hasEnded = true;
                writeAnswers();
            }
        });
    }

    /** Everything is answered, or nobody reads answers any more. */
    void ended() {
        gone();
    }

    private void gone() {
        isGone = true;
        forgetLine();
    }

    private void forgetLine() {
        guard.bodies().give(line.length());
        line = Buffer.buffer();
    }

    private void read(Buffer chunk) {
        if (isGone) {
            return;
        }
        int from = 0;
        for (int i = 0; i < chunk.length(); i++) {
            if (chunk.getByte(i) == '\n') {
                append(chunk, from, i);
                if (isGone) {
                    return;
                }
                endLine();
                lineNumber++;
                from = i + 1;
            }
        }
        append(chunk, from, chunk.length());
        if (isGone) {
            return;
        }
        lookAfterLine();
        writeAnswers();
        holdBack();
        rest();
    }

    /** Whoever publishes faster than they may is read more slowly. What was read already is published all the same. */
    private void rest() {
        if (pauseMs > 0 && !isResting) {
            isResting = true;
            request.pause();
            vertx.setTimer(pauseMs, rested -> {
                isResting = false;
                pauseMs = 0;
                if (!isPaused && !isGone) {
                    request.resume();
                }
            });
        }
    }

    private void append(Buffer chunk, int from, int to) {
        if (line.length() + to - from > limits.lineMaxBytes()) {
            isLineTooLong = true;
            forgetLine();
        } else if (!isLineTooLong && to > from) {
            if (guard.bodies().take(to - from, true)) {
                line.appendBuffer(chunk, from, to - from);
            } else {
                cut("bodies_full", Bodies.full());
            }
        }
    }

    /** Cuts an application off whose line does not come to its end, unless it is we who do not read. */
    private void lookAfterLine() {
        if (line.length() > 0 && lookedAtLine == 0) {
            lookedAtLine = lineNumber;
            vertx.setTimer(BodyReader.MAX_MS, late -> {
                boolean isTheSame = lookedAtLine == lineNumber && line.length() > 0 && !hasEnded;
                lookedAtLine = 0;
                if (isGone || !isTheSame || isPaused || isResting) {
                    lookAfterLine();
                } else {
                    cut("slow_body", Problem.of(ErrorCode.BODY_TIMEOUT));
                }
            });
        }
    }

    /** Says why, if nothing was answered yet; else it ends the answer in a way that cannot be taken for its end. */
    private void cut(String reason, Problem why) {
        guard.cut(reason);
        gone();
        answers = Buffer.buffer();
        ProblemAnswers.answer(response, why);
        if (request.version() != HttpVersion.HTTP_2) {
            request.connection().close();
        }
    }

    private void endLine() {
        byte[] bytes = line.getBytes();
        boolean wasTooLong = isLineTooLong;
        forgetLine();
        isLineTooLong = false;
        if (wasTooLong) {
            refuse(Problem.of(ErrorCode.BODY_TOO_LARGE, "A line has at most " + limits.lineMaxBytes() + " bytes."));
        } else if (!isBlank(bytes)) {
            publish(bytes);
        }
    }

    private void publish(byte[] bytes) {
        try {
            Letter letter = reader.one(Utf8.decode(bytes));
            pauseMs = pace.pauseMs(letter.messages());
            Future<? extends JsonNode> answer = delivery.oneOfMany(letter);
            unanswered.add(answer);
            unansweredMessages += letter.messages();
            answer.onComplete(done -> {
                unansweredMessages -= letter.messages();
                writeAnswers();
            });
        } catch (Problem problem) {
            refuse(problem);
        }
    }

    /** The line's number in the request stands in the place of the one in the text, which is always 1. */
    private void refuse(Problem problem) {
        com.fasterxml.jackson.databind.node.ObjectNode answer = Delivery.error(problem);
        ((com.fasterxml.jackson.databind.node.ObjectNode) answer.get("error")).put("line", lineNumber);
        unanswered.add(Future.succeededFuture(answer));
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Writes the answers that are there, in the lines' order. */
    private void writeAnswers() {
        while (!unanswered.isEmpty() && unanswered.peek().isComplete()) {
            answers.appendString(unanswered.poll().result().toString()).appendByte((byte) '\n');
        }
        boolean isDone = hasEnded && unanswered.isEmpty();
        if (isGone) {
            answers = Buffer.buffer();
        } else if (answers.length() >= CHUNK_BYTES || answers.length() > 0 && unanswered.isEmpty()) {
            Buffer chunk = answers;
            answers = Buffer.buffer();
            unreadBytes += chunk.length();
            response.write(chunk).onComplete(written -> {
                unreadBytes -= chunk.length();
                goOn();
            });
        }
        if (isDone && !isGone && !response.ended()) {
            response.end();
        }
        goOn();
    }

    private void holdBack() {
        if (!isPaused
                && (unanswered.size() >= MAX_UNANSWERED_LINES
                        || unansweredMessages >= MAX_UNANSWERED_MESSAGES
                        || unreadBytes >= MAX_UNREAD_BYTES)) {
            isPaused = true;
            request.pause();
        }
    }

    private void goOn() {
        if (isPaused
                && unanswered.size() < MAX_UNANSWERED_LINES / 2
                && unansweredMessages < MAX_UNANSWERED_MESSAGES / 2
                && unreadBytes < MAX_UNREAD_BYTES / 2) {
            isPaused = false;
            if (!isResting) {
                request.resume();
            }
        }
    }
}
