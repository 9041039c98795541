/** Commands for operators: what is delivered, what is not and why, and what is decided about it. */
package io.tallygate.deploy.operate;
