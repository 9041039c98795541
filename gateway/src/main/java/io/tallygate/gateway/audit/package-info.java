/** The audit: who changed what, and who was refused. */
package io.tallygate.gateway.audit;
