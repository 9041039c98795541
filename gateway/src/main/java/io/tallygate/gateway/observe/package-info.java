/** What is told of each request when it is over. Nothing of it says who called. */
package io.tallygate.gateway.observe;
