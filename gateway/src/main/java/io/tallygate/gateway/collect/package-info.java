/** Usage that is pulled from other clouds: who is asked, how their rows become records, and how nothing is left out. */
package io.tallygate.gateway.collect;
