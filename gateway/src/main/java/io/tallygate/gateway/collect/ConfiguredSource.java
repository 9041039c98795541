package io.tallygate.gateway.collect;

/** Something that usage is collected from, as it is configured. */
public sealed interface ConfiguredSource permits SourceConfig, DirectoryConfig {
    /** Lower-case letters, digits and hyphens; part of the identity of what is collected, so it never changes. */
    String name();

    /** Name or resource id of the registration whose usage it is. */
    String registration();
}
