package io.tallygate.deploy.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the value of an option such as {@code --token-file}: the access token that a file holds. A token itself is never
 * an argument, since every user of a machine may see the arguments of its processes.
 */
public final class TokenFile implements ITypeConverter<String> {
    @Override
    public String convert(String path) {
        try {
            String token = Files.readString(Path.of(path)).strip();
            if (token.isEmpty()) {
                throw new TypeConversionException("expected a file with an access token, " + path + " is empty");
            }
            return token;
        } catch (IOException unreadable) {
            throw new TypeConversionException("expected a readable file with an access token");
        }
    }
}
