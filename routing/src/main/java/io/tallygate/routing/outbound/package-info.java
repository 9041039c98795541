/** HTTP to others, bounded in time and bytes whatever is at the other end, and the tokens for it. */
package io.tallygate.routing.outbound;
