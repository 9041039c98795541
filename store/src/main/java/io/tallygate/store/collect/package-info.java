/** What is collected from other clouds: which windows of their usage are stored, and which gateway is at which. */
package io.tallygate.store.collect;
