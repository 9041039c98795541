/** What operators see of delivery and do about it: events, payers, endpoints, and the comparison with an endpoint's book. */
package io.tallygate.routing.desk;
