package megacomet.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.ScriptAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mozilla.javascript.Context;

/** The tool reads scripts as text; a JavaScript engine, which runs them, must agree. */
class ScriptAnswerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cb([])",
                "/**/cb([{\"channel\":\"/a\",\"data\":1}]);",
                "/**/cb([{\"data\":\"\\u2028\\u2029\\u003c/script\\u003e )]}; \\\" \\\\\"}]);",
                "cb([{\"data\":\"a) b( \"},{}]) ;\n"
            })
    void whatIsReadIsWhatAnEngineCallsTheCallbackWith(String script) {
        ScriptAnswer read = ScriptAnswer.parse(script).orElseThrow();
        assertEquals("cb", read.callback());
        assertEquals(Json.parse(run(script)), Json.parse(read.argument()));
        assertFalse(read.canBeBroken());
    }

    @Test
    void whatIsNotEscapedIsNoticed() {
        assertTrue(ScriptAnswer.parse("cb([\"</script>\"])").orElseThrow().canBeBroken());
        assertTrue(ScriptAnswer.parse("cb([\"\u2028\"])").orElseThrow().canBeBroken());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "<html>", "cb([]", "alert(1)//([])"})
    void whatCallsNothingIsNoScript(String body) {
        assertTrue(ScriptAnswer.parse(body).isEmpty()
                || !ScriptAnswer.parse(body).orElseThrow().callback().equals("cb"));
    }

    private static String run(String script) {
        try (Context context = Context.enter()) {
            Object result = context.evaluateString(
                    context.initStandardObjects(),
                    "var called; function cb(messages) { called = JSON.stringify(messages); }\n" + script + "\ncalled;",
                    "script",
                    1,
                    null);
            return Context.toString(result);
        }
    }
}
