package io.tallygate.deploy.config;

import java.net.URI;
import java.util.Optional;

/** What {@code /metadata/endpoints} says where it is not derived. */
public record MetadataConfig(
        Optional<URI> portalEndpoint,
        Optional<URI> galleryEndpoint,
        Optional<URI> graphEndpoint,
        Optional<URI> loginEndpoint) {}
