/** Usage summed for charts: by time of usage, and by what or whom it was used. */
package io.tallygate.store.summary;
