/** The benchmark: what the gateway does against what Postgres itself does, on the same machine in the same run. */
package io.tallygate.deploy.bench;
