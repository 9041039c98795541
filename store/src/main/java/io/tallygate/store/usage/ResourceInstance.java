package io.tallygate.store.usage;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallygate.store.directory.SubscriptionId;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a quantity was used by: one distinct combination of these is an instance with usage rows of its own.
 *
 * @param resourceUri compared without case, shown as first seen
 * @param location compared with case
 * @param tags canonical JSON object, or null
 * @param additionalInfo canonical JSON, or null
 */
public record ResourceInstance(
        SubscriptionId subscription, String resourceUri, String location, String tags, String additionalInfo) {
    /**
     * The instance that {@link #instanceData} was made of.
     *
     * @param instanceData the complete string literal in UTF-8
     * @throws IllegalStateException if it is none
     */
    public static ResourceInstance ofInstanceData(SubscriptionId subscription, byte[] instanceData) {
        try {
            String literal = new String(instanceData, StandardCharsets.UTF_8);
            JsonNode resource = CanonicalJson.parse(CanonicalJson.parse(literal).textValue())
                    .path("Microsoft.Resources");
            return new ResourceInstance(
                    subscription,
                    resource.required("resourceUri").textValue(),
                    resource.required("location").textValue(),
                    CanonicalJson.of(resource.path("tags")),
                    CanonicalJson.of(resource.path("additionalInfo")));
        } catch (IllegalArgumentException broken) {
            throw new IllegalStateException("The store holds instanceData that is none", broken);
        }
    }

    /** SHA-256 over what makes the instance distinct within its subscription. */
    public Buffer digest() {
        return new FieldDigest()
                .field(resourceUri.toLowerCase(Locale.ROOT))
                .field(location)
                .field(tags)
                .field(additionalInfo)
                .digest();
    }

    /**
     * The wire's {@code instanceData}: JSON in a string, here as the complete string literal with quotes and escapes.
     * Clients read {@code Microsoft.Resources} with {@code resourceUri} and {@code location} always there.
     */
    public String instanceData() {
        return instanceData(resourceUri, location, tags, additionalInfo);
    }

    /** The same from its parts; {@code tags} and {@code additionalInfo} are JSON or null. */
    public static String instanceData(String resourceUri, String location, String tags, String additionalInfo) {
        return CanonicalJson.quoted("{\"Microsoft.Resources\":{\"resourceUri\":" + CanonicalJson.quoted(resourceUri)
                + ",\"location\":" + CanonicalJson.quoted(location)
                + ",\"tags\":" + tags
                + ",\"additionalInfo\":" + additionalInfo + "}}");
    }
}
