/** Usage summed for charts. */
package io.tallygate.gateway.summary;
