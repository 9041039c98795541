package io.tallygate.gateway.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModuleGraphTest {
    private static final String PAGE = """
            <link rel="stylesheet" href="./app.css">
            <link rel="modulepreload" href="./js/app.js">
            <link rel="modulepreload" href="./js/views/first.js">
            <script type="module" src="./js/app.js"></script>
            """;

    private final ModuleGraph graph = new ModuleGraph(Map.of(
            "js/app.js",
                    bytes(
                            "import { a,\n  b } from \"./dom.js\";\nimport './texts.js';\nconst later = () => import(\"./views/other.js\");"),
            "js/dom.js", bytes("export { c } from \"./texts.js\";\nexport const text = \"./nothing.js\";"),
            "js/texts.js", bytes("import { d } from \"./dom.js\";"),
            "js/views/first.js", bytes("import { h } from \"../dom.js\";\nimport draw from \"./first/chart.js\";"),
            "js/views/first/chart.js", bytes("import { t } from \"../../texts.js\";")));

    @Test
    void thePageNamesWhatItsModulesImportOnceEach() {
        assertThat(graph.preloading(PAGE)).isEqualTo("""
                <link rel="stylesheet" href="./app.css">
                <link rel="modulepreload" href="./js/app.js">
                <link rel="modulepreload" href="./js/dom.js">
                <link rel="modulepreload" href="./js/texts.js">
                <link rel="modulepreload" href="./js/views/first.js">
                <link rel="modulepreload" href="./js/views/first/chart.js">
                <script type="module" src="./js/app.js"></script>
                """);
    }

    @Test
    void aModuleThatIsNotThereIsAMistake() {
        ModuleGraph broken = new ModuleGraph(Map.of("js/app.js", bytes("import { a } from \"./gone.js\";")));

        assertThatThrownBy(() -> broken.preloading("<link rel=\"modulepreload\" href=\"./js/app.js\">\n"))
                .hasMessage("The portal has no js/gone.js");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
