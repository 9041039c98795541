package io.tallygate.gateway.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "2.000000000000000, 2",
        "0.000000000000001, 0.000000000000001",
        "-1.5E-3, -0.0015",
        "+7, 7",
        ".5, 0.5",
        "1E+3, 1000",
        "0.000000000000000000000, 0",
        "9007199254740993, 9007199254740993",
        "99999999999999999999999.999999999999999, 99999999999999999999999.999999999999999"
    })
    void decimalsAreExact(String text, String value) throws UnreadableUsageException {
        assertThat(Quantity.parse("quantity", text).toPlainString()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "NaN",
                "Infinity",
                "1,5",
                "0x10",
                "1e9999",
                "1e999999999",
                "1e400",
                "0.0000000000000001",
                "100000000000000000000000",
                "٣"
            })
    void whatTheGatewayWouldNotStoreIsRefused(String text) {
        assertThatThrownBy(() -> Quantity.parse("ConsumedQuantity", text))
                .isInstanceOf(UnreadableUsageException.class)
                .hasMessageContaining("expected")
                .extracting(failure -> ((UnreadableUsageException) failure).field())
                .isEqualTo("ConsumedQuantity");
    }
}
