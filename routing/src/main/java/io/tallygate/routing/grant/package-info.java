/** Who outside the operator's tenant reads routed usage. */
package io.tallygate.routing.grant;
