/** Keys that tools read with, as they are kept. */
package io.tallygate.store.access;
