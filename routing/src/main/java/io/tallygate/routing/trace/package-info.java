/** To which trace of whoever watches several systems a piece of work belongs. */
package io.tallygate.routing.trace;
