package io.tallygate.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tallygate.gateway.http.StrictJson.MalformedJsonException;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The fields of a JSON object that a client sent. Every complaint names the field with its full path and says what was
 * expected; a null counts as missing.
 */
public final class JsonFields {
    private static final int MAX_SCALE = 1000;
    private static final int MAX_TIME = 64;

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

    /**
     * The same for a request whose body may be left out: it is then an object without fields.
     *
     * @throws ApiException {@code InvalidProperty} if there is one that is no JSON object
     */
    public static JsonFields optionalBody(RoutingContext ctx) {
        return RequestBody.of(ctx).length() == 0 ? new JsonFields(MissingNode.getInstance(), "") : body(ctx);
    }

    /**
     * Refuses fields of other names: one that is misspelt must not count as left out.
     *
     * @throws ApiException {@code InvalidProperty}, naming the first
     */
    public JsonFields only(String... names) {
        List<String> known = List.of(names);
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw ApiError.InvalidProperty.because(
                        "`" + prefix + WireText.quoted(name) + "` is no field of this request:" + " expected "
                                + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        });
        return this;
    }

    /** The objects in an array of at most {@code max}; none if the field is missing. */
    public List<JsonFields> objects(String name, int max) {
        JsonNode value = json(name).orElse(null);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > max) {
            throw wrong(name, "an array of at most " + max + " objects");
        }
        List<JsonFields> objects = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            String path = name + "[" + objects.size() + "]";
            if (!element.isObject()) {
                throw wrong(path, "a JSON object");
            }
            objects.add(new JsonFields(element, prefix + path + "."));
        }
        return objects;
    }

    /** An exact decimal number. */
    public Optional<BigDecimal> decimal(String name) {
        return json(name).map(value -> {
            if (!value.isNumber() || Math.abs((long) value.decimalValue().scale()) > MAX_SCALE) {
                throw wrong(name, "a decimal number");
            }
            return value.decimalValue();
        });
    }

    /** A time. */
    public Optional<Instant> time(String name) {
        return text(name, MAX_TIME).map(text -> WireTime.parse(text).orElseThrow(() -> wrong(name, WireTime.EXPECTED)));
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

    /**
     * The UUIDs in an array of 1 to {@code max}, each once, in their order.
     *
     * @throws ApiException {@code InvalidProperty} if it is missing or has another form
     */
    public Set<UUID> uuids(String name, int max) {
        String expected = "an array of 1 to " + max + " UUIDs";
        JsonNode value = json(name).orElseThrow(() -> missing(name, expected));
        if (!value.isArray() || value.isEmpty() || value.size() > max) {
            throw wrong(name, expected);
        }
        Set<UUID> uuids = new LinkedHashSet<>();
        for (JsonNode element : value) {
            uuids.add(WireUuid.parse(element.isTextual() ? element.textValue() : "")
                    .orElseThrow(() -> wrong(name, expected)));
        }
        return uuids;
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
