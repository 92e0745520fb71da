/** secret volumes: the values of a secret, in memory where the node may mount that. */
package io.bundlet.volumes.secret;
