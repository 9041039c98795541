package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.deploy.client.ExactJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The items of a file, for tests. */
final class Items {
    private Items() {}

    /** All items of a file of this content, its format found by content. */
    static List<ImportItem> of(Path directory, String content) throws IOException {
        Path path = Files.createTempFile(directory, "input", ".txt");
        Files.writeString(path, content, StandardCharsets.UTF_8);
        InputFile file = InputFile.of(path);
        return of(file, InputFormat.detect(file));
    }

    /** All items of a file. */
    static List<ImportItem> of(InputFile file, InputFormat format) throws IOException {
        List<ImportItem> items = new ArrayList<>();
        try (UsageSource source = format.open(file)) {
            for (ImportItem item = source.next(); item != null; item = source.next()) {
                items.add(item);
            }
        }
        return items;
    }

    /** The records among items. */
    static List<JsonNode> events(List<ImportItem> items) throws JsonProcessingException {
        List<JsonNode> events = new ArrayList<>();
        for (ImportItem item : items) {
            if (item instanceof ImportItem.Event event) {
                events.add(ExactJson.MAPPER.readTree(event.json().toString()));
            }
        }
        return events;
    }

    /** The refusals among items. */
    static List<Refusal> refusals(List<ImportItem> items) {
        return items.stream()
                .filter(Refusal.class::isInstance)
                .map(Refusal.class::cast)
                .toList();
    }
}
