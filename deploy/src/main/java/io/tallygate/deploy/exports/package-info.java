/** The command {@code export}: usage comes out of a gateway into a file, whole and verified. */
package io.tallygate.deploy.exports;
