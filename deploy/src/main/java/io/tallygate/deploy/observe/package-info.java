/** What those who run a gateway see of it: metrics, logs, health and what it is. */
package io.tallygate.deploy.observe;
