package megacomet.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import megacomet.web.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackTest {

    @Test
    void aFunctionOfAPageIsOneName() {
        assertEquals("hear", Callback.checkFunction(List.of("hear")));
        assertEquals("_2", Callback.checkFunction(List.of("_2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"document.body.remove", "location.assign", "a.b", "$", "1a", "", "a b", "a("})
    void aMethodsPathOrWhatIsNoNameIsNoFunctionOfAPage(String name) {
        assertThrows(Problem.class, () -> Callback.checkFunction(List.of(name)));
    }
}
