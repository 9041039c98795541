package io.tallygate.gateway.collect;

/** What can be collected from; the names are those of the configuration. */
public enum SourceType {
    /** Azure Stack Hub's provider usage API. */
    azureStackHub,
    /** Another Tallygate, which speaks the same protocol. */
    tallygate
}
