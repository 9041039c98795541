/** The portal: its files, and the sessions of the browsers that show it. */
package io.tallygate.gateway.portal;
