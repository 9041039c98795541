package io.tallygate.gateway.portal;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the page's modules import, so that the page can name it all: a browser that finds imports file by file waits for one after the
 * other. Only imports at the beginning of a line count, with a path of its own: not {@code import()}, which is meant to come later.
 */
final class ModuleGraph {
    private static final Pattern PRELOAD =
            Pattern.compile("( *<link rel=\"modulepreload\" href=\"\\./)([^\"]+)(\">\n)");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^(?:import\\s*|(?:import|export)\\b[^;\"']*?\\bfrom\\s*)[\"'](\\.{1,2}/[^\"']+)[\"']");

    private final Map<String, byte[]> files;

    /** @param files contents by name, as {@code js/app.js} */
    ModuleGraph(Map<String, byte[]> files) {
        this.files = files;
    }

    /** The page, in which the line that preloads a module is followed by one for each module that it imports and none has named. */
    String preloading(String page) {
        Set<String> named = new LinkedHashSet<>();
        return PRELOAD.matcher(page)
                .replaceAll(line -> Matcher.quoteReplacement(reachable(line.group(2)).stream()
                        .filter(named::add)
                        .map(module -> line.group(1) + module + line.group(3))
                        .collect(Collectors.joining())));
    }

    private Set<String> reachable(String module) {
        Set<String> found = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of(module));
        while (!open.isEmpty()) {
            String next = open.remove();
            if (found.add(next)) {
                open.addAll(imports(next));
            }
        }
        return found;
    }

    private Set<String> imports(String module) {
        byte[] content = files.get(module);
        if (content == null) {
            throw new IllegalArgumentException("The portal has no " + module);
        }
        Set<String> imports = new LinkedHashSet<>();
        Matcher each = IMPORT.matcher(new String(content, StandardCharsets.UTF_8));
        while (each.find()) {
            imports.add(URI.create(module).resolve(each.group(1)).toString());
        }
        return imports;
    }
}
