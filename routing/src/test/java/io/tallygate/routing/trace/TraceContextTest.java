package io.tallygate.routing.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceContextTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-" + TRACE + "-" + PARENT + "-01",
                "00-" + TRACE + "-" + PARENT + "-ff",
                "01-" + TRACE + "-" + PARENT + "-01",
                "fe-" + TRACE + "-" + PARENT + "-01-and more",
            })
    void whatTheStandardAllowsIsTaken(String header) {
        assertThat(TraceContext.parse(header)).contains(new TraceContext(TRACE, PARENT, true));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + TRACE + "-" + PARENT,
                "00-" + TRACE + "-" + PARENT + "-1",
                "00-" + TRACE + "-" + PARENT + "-01-",
                "00-" + TRACE + "-" + PARENT + "-01-more",
                "01-" + TRACE + "-" + PARENT + "-01more",
                "ff-" + TRACE + "-" + PARENT + "-01",
                "0-" + TRACE + "-" + PARENT + "-01",
                "00-00000000000000000000000000000000-" + PARENT + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + PARENT + "-01",
                "00-" + TRACE + "a-" + PARENT + "-01",
                " 00-" + TRACE + "-" + PARENT + "-01",
                "00-" + TRACE + "-" + PARENT + "-0x",
                "00-" + TRACE + "-" + PARENT + "-01\n",
            })
    void whatItDoesNotIsIgnored(String header) {
        assertThat(TraceContext.parse(header)).isEmpty();
    }

    @Test
    void whatIsPassedOnIsOfTheSameTraceAndCausedByUs() {
        TraceContext sampled =
                TraceContext.parse("00-" + TRACE + "-" + PARENT + "-01").orElseThrow();
        TraceContext not =
                TraceContext.parse("cc-" + TRACE + "-" + PARENT + "-fe-x").orElseThrow();

        assertThat(sampled.header()).matches("00-" + TRACE + "-[0-9a-f]{16}-01").doesNotContain(PARENT);
        assertThat(not.header()).matches("00-" + TRACE + "-[0-9a-f]{16}-00");
        assertThat(TraceContext.parse(sampled.header())).isPresent();
    }

    @Test
    void aSubmissionsTraceHasItsId() {
        UUID id = UUID.fromString("0af76519-16cd-43dd-8448-eb211c80319c");

        assertThat(TraceContext.startedBy(id).header()).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
    }
}
