package io.tallygate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's threat model names tests that are there. */
final class SecurityDocumentationIT {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TABLE =
            Pattern.compile("(?<=<!-- security -->\n).*(?=<!-- /security -->)", Pattern.DOTALL);
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test))`");

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Set<String> named = named();

        assertThat(named).hasSizeGreaterThan(20).isSubsetOf(present());
    }

    private static Set<String> named() throws IOException {
        Matcher table = TABLE.matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(table.find()).isTrue();
        Set<String> names = new TreeSet<>();
        for (Matcher test = TEST.matcher(table.group()); test.find(); ) {
            names.add(test.group(1));
        }
        return names;
    }

    private static Set<String> present() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String module : new String[] {"store", "routing", "gateway", "deploy"}) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                names.addAll(files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.endsWith(".java"))
                        .map(name -> name.substring(0, name.length() - ".java".length()))
                        .collect(Collectors.toSet()));
            }
        }
        return names;
    }
}
