package io.tallygate.routing.payer;

import io.tallygate.routing.registration.MappingTrial;

/**
 * What a change of mappings would do.
 *
 * @param change to the mappings
 * @param reroute what a re-route of its tenants from its hour on would then move; null if the change is refused or changes
 *     nothing that it is about
 */
public record MappingPreview(MappingTrial change, Reroute reroute) {}
