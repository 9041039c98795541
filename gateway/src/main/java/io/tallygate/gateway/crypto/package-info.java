/** What is made of the configured secrets: keys, proofs and sealed texts. */
package io.tallygate.gateway.crypto;
