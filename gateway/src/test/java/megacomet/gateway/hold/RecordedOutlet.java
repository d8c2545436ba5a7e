package megacomet.gateway.hold;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A browser that keeps what it is answered. */
final class RecordedOutlet implements Outlet {

    Answer answer;
    long retryAfterMs = -1;
    /** What comes as soon as it is answered, before the answer's writing returns: a poll that was pipelined behind it. */
    Runnable next = () -> {};

    @Override
    public void answer(Answer toKeep) {
        if (isAnswered()) {
            throw new AssertionError("answered twice");
        }
        answer = toKeep;
        next.run();
    }

    @Override
    public void refuse(EndReason why, long toKeep) {
        if (isAnswered()) {
            throw new AssertionError("answered twice");
        }
        retryAfterMs = toKeep;
    }

    @Override
    public boolean isStream() {
        return false;
    }

    boolean isAnswered() {
        return answer != null || retryAfterMs >= 0;
    }

    List<String> data() {
        return answer.messages().stream()
                .map(message -> new String(message.data(), StandardCharsets.UTF_8))
                .toList();
    }
}
