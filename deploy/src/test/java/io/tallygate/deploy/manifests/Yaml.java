package io.tallygate.deploy.manifests;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Files of YAML, as trees and as types. */
final class Yaml {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            // The models would keep what they do not know.
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .build();

    private Yaml() {}

    /** All documents of a file. */
    static List<JsonNode> documents(Path file) throws IOException {
        // Jackson alone knows neither anchors nor merge keys.
        Iterable<Object> documents =
                new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(file));
        return StreamSupport.stream(documents.spliterator(), false)
                .<JsonNode>map(MAPPER::valueToTree)
                .toList();
    }

    /** The only document of a file. */
    static JsonNode document(Path file) throws IOException {
        return documents(file).get(0);
    }

    /** The same as a type; fails at what the type does not have. */
    static <T> T typed(JsonNode document, Class<T> type) throws IOException {
        return MAPPER.treeToValue(document, type);
    }

    /** Every text in a document, wherever it is. */
    static Stream<String> texts(JsonNode node) {
        return node.isTextual()
                ? Stream.of(node.textValue())
                : node.valueStream().flatMap(Yaml::texts);
    }
}
