/** How commands find a gateway and talk to it. */
package io.tallygate.deploy.client;
