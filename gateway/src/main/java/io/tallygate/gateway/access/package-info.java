/** Who may read beside tokens' own tenants: API keys and grants, over HTTP. */
package io.tallygate.gateway.access;
