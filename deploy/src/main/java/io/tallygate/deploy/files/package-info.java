/** Usage that arrives as files in a directory: what is there, what is in it, and how it is stored once. */
package io.tallygate.deploy.files;
