package io.tallygate.gateway.export;

import java.util.ArrayList;
import java.util.List;

/**
 * What a resource's URI says in its parts, as Azure builds it:
 * {@code /subscriptions/{id}/resourceGroups/{group}/providers/{namespace}/{type}/{name}[/{type}/{name}…]}. A part that is
 * not there is null: nobody has to send such URIs.
 *
 * @param type namespace and types, as {@code Microsoft.Compute/virtualMachines}
 * @param name names, from the outermost on, as {@code vm1} or {@code vm1/extension1}
 */
record ResourcePath(String type, String group, String name) {
    static ResourcePath of(String resourceUri) {
        // Without an end that is empty: a slash there says nothing.
        List<String> segments = List.of(resourceUri.split("/"));
        return new ResourcePath(types(segments), after(segments, "resourceGroups"), names(segments));
    }

    private static String types(List<String> segments) {
        int namespace = namespace(segments);
        return namespace < 0 ? null : joined(segments, namespace, everyOther(segments, namespace + 1));
    }

    private static String names(List<String> segments) {
        int namespace = namespace(segments);
        List<String> names = namespace < 0 ? List.of() : everyOther(segments, namespace + 2);
        return names.isEmpty() ? null : String.join("/", names);
    }

    private static String joined(List<String> segments, int namespace, List<String> types) {
        return types.isEmpty() ? segments.get(namespace) : segments.get(namespace) + "/" + String.join("/", types);
    }

    // The last one counts: an extension's URI goes on after the resource that it extends.
    private static int namespace(List<String> segments) {
        for (int i = segments.size() - 2; i >= 0; i--) {
            if (segments.get(i).equalsIgnoreCase("providers")) {
                return i + 1;
            }
        }
        return -1;
    }

    private static List<String> everyOther(List<String> segments, int from) {
        List<String> found = new ArrayList<>();
        for (int i = from; i < segments.size(); i += 2) {
            found.add(segments.get(i));
        }
        return found;
    }

    private static String after(List<String> segments, String label) {
        for (int i = 0; i < segments.size() - 1; i++) {
            if (segments.get(i).equalsIgnoreCase(label)) {
                return segments.get(i + 1);
            }
        }
        return null;
    }
}
