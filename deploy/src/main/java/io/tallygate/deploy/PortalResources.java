package io.tallygate.deploy;

import io.tallygate.gateway.portal.PortalFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The portal's files as they are in the gateway's jar (in a build: in its directory), and the libraries that they use. */
final class PortalResources {
    private static final String DIRECTORY = "portal";
    private static final String INDEX = "/" + DIRECTORY + "/index.html";
    // By the name that the pages use: of each WebJar one file is served.
    private static final Map<String, String> LIBRARIES =
            Map.of("lib/echarts.js", "/META-INF/resources/webjars/echarts/5.5.0/echarts.common.min.js");

    private PortalResources() {}

    /** Reads all of them. */
    static PortalFiles load() {
        try {
            Map<String, byte[]> contents = new HashMap<>(own());
            for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
                contents.put(library.getKey(), bytes(library.getValue()));
            }
            return new PortalFiles(contents);
        } catch (IOException | URISyntaxException failed) {
            throw new IllegalStateException("The portal's files cannot be read", failed);
        }
    }

    private static Map<String, byte[]> own() throws IOException, URISyntaxException {
        URL index = PortalFiles.class.getResource(INDEX);
        if (index == null) {
            throw new IOException("there is no " + INDEX);
        }
        if (index.openConnection() instanceof JarURLConnection connection) {
            Path jar = Path.of(connection.getJarFileURL().toURI());
            try (FileSystem files = FileSystems.newFileSystem(jar, (ClassLoader) null)) {
                return below(files.getPath(DIRECTORY));
            }
        }
        URI file = index.toURI();
        return below(Path.of(file).getParent());
    }

    private static Map<String, byte[]> below(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        Map<String, byte[]> contents = new HashMap<>();
        for (Path file : files) {
            String name = directory.relativize(file).toString().replace('\\', '/');
            contents.put(name, Files.readAllBytes(file));
        }
        return contents;
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = PortalFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("there is no " + resource);
            }
            return in.readAllBytes();
        }
    }
}
