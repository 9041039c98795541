package io.tallygate.deploy.imports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.tallygate.gateway.collect.UnreadableUsageException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The formats of usage that can be imported. */
enum InputFormat {
    /** CloudEvents: one a line, an array, or documents. */
    ndjson {
        @Override
        UsageSource open(InputFile file) throws IOException {
            return isDocuments(file) ? EventDocumentSource.open(file) : EventLineSource.open(file);
        }
    },
    /** Saved pages of the usage API. */
    pages {
        @Override
        UsageSource open(InputFile file) throws IOException {
            return UsagePageSource.open(file);
        }
    },
    /** FOCUS 1.0 as CSV. */
    focus {
        @Override
        UsageSource open(InputFile file) throws IOException {
            return FocusSource.open(file);
        }
    };

    /** Opens a file of this format. */
    abstract UsageSource open(InputFile file) throws IOException;

    /**
     * The format of a file by its content.
     *
     * @throws IOException if it cannot be read, or is none of them
     */
    static InputFormat detect(InputFile file) throws IOException {
        byte[] line = firstLine(file);
        String start = line == null ? "" : new String(line, StandardCharsets.UTF_8).strip();
        if (!start.startsWith("{") && !start.startsWith("[") && start.contains("ChargePeriodStart")) {
            return focus;
        }
        try (InputStream in = CountingInputStream.open(file.path());
                JsonParser json = JsonText.PASSED_ON.createParser(in)) {
            return detect(json);
        } catch (JsonProcessingException | CharConversionException malformed) {
            if (start.startsWith("{")) {
                return ndjson;
            }
            throw unknown(file);
        } catch (UnreadableUsageException noneOfThem) {
            throw unknown(file);
        }
    }

    private static InputFormat detect(JsonParser json) throws IOException, UnreadableUsageException {
        JsonToken token = json.nextToken();
        if (token == null) {
            return ndjson;
        }
        if (token == JsonToken.START_ARRAY) {
            return ndjson;
        }
        if (token == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() == JsonToken.START_ARRAY && name.equals("value")) {
                    return pages;
                }
                if (name.equals("specversion")) {
                    return ndjson;
                }
                json.skipChildren();
            }
        }
        throw new UnreadableUsageException("UnknownFormat", null, "neither a page of the usage API nor a CloudEvent");
    }

    private static IOException unknown(InputFile file) {
        return new IOException(file.path()
                + " is neither CloudEvents (JSON), nor saved pages of the usage API, nor FOCUS (CSV, UTF-8);"
                + " name its format with --format");
    }

    private static boolean isDocuments(InputFile file) throws IOException {
        byte[] line = firstLine(file);
        if (line == null) {
            return false;
        }
        try (JsonParser json = JsonText.PASSED_ON.createParser(line)) {
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_ARRAY) {
                return true;
            }
            json.skipChildren();
            return false;
        } catch (JsonEOFException incomplete) {
            // The object goes on in the next line.
            return true;
        } catch (JsonProcessingException | CharConversionException malformed) {
            return false;
        }
    }

    private static byte[] firstLine(InputFile file) throws IOException {
        try (InputStream in = CountingInputStream.open(file.path())) {
            LineReader lines = new LineReader(in, EventLineSource.LONGEST_LINE);
            byte[] line = lines.next();
            while (line != null && new String(line, StandardCharsets.UTF_8).isBlank()) {
                line = lines.next();
            }
            return line;
        }
    }
}
