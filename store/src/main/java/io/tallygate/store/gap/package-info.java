/** Usage that is missing: which hours were reported, which lack, and what operators say of those. */
package io.tallygate.store.gap;
