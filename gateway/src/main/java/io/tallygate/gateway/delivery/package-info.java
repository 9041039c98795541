/** What operators see of delivery and do about it, over HTTP. */
package io.tallygate.gateway.delivery;
