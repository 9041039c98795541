/** The command {@code import}: files of usage become usage records, posted to a running gateway. */
package io.tallygate.deploy.imports;
