package io.tallygate.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tallygate.gateway.http.StrictJson.MalformedJsonException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The fields of a JSON object that a client sent. Every complaint names the field with its full path and says what was
 * expected; a null counts as missing.
 */
public final class JsonFields {
    private final JsonNode object;
    private final String prefix;

    private JsonFields(JsonNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    /**
     * The request's body.
     *
     * @throws ApiException {@code InvalidProperty} if it is no JSON object
     */
    public static JsonFields body(RoutingContext ctx) {
        Buffer body = RequestBody.of(ctx);
        if (body.length() == 0) {
            throw ApiError.InvalidProperty.because("The body is missing: expected a JSON object");
        }
        try {
            JsonNode document = StrictJson.BODY.read(body);
            if (!document.isObject()) {
                throw ApiError.InvalidProperty.because("The body is not a JSON object");
            }
            return new JsonFields(document, "");
        } catch (MalformedJsonException malformed) {
            throw ApiError.InvalidProperty.because("The body cannot be read: " + malformed.getMessage());
        }
    }

    /** The object in a field; one without fields if it is missing. */
    public JsonFields object(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return new JsonFields(MissingNode.getInstance(), prefix + name + ".");
        }
        if (!value.isObject()) {
            throw wrong(name, "a JSON object");
        }
        return new JsonFields(value, prefix + name + ".");
    }

    /** The JSON value of a field, whatever it is. */
    public Optional<JsonNode> json(String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    /** A string of at most {@code max} characters. */
    public Optional<String> text(String name, int max) {
        return json(name).map(value -> {
            if (!value.isTextual() || value.textValue().length() > max || !WireText.isClean(value.textValue())) {
                throw wrong(name, "a string of at most " + max + " characters, without control characters");
            }
            return value.textValue();
        });
    }

    /** A boolean. */
    public Optional<Boolean> bool(String name) {
        return json(name).map(value -> {
            if (!value.isBoolean()) {
                throw wrong(name, "true or false");
            }
            return value.booleanValue();
        });
    }

    /** A UUID. */
    public Optional<UUID> uuid(String name) {
        return json(name)
                .map(value -> WireUuid.parse(value.isTextual() ? value.textValue() : "")
                        .orElseThrow(() -> wrong(name, "a UUID")));
    }

    /** One of the constants of an enum, in any case. */
    public <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> type) {
        return text(name, 64)
                .map(text -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> constant.name().equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> wrong(
                                name,
                                "one of "
                                        + Arrays.stream(type.getEnumConstants())
                                                .map(Enum::name)
                                                .collect(Collectors.joining(", ")))));
    }

    /** The complaint that a required field is missing. */
    public ApiException missing(String name, String expected) {
        return ApiError.InvalidProperty.because("`" + prefix + name + "` is missing: expected " + expected);
    }

    /** The complaint that a field is not what it should be. */
    public ApiException wrong(String name, String expected) {
        return ApiError.InvalidProperty.because("`" + prefix + name + "` is malformed: expected " + expected);
    }
}
