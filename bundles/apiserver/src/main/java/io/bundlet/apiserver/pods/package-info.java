/**
 * The pods that the API server has for this node: those that are wanted go to the core as the source {@code api},
 * mirrors of static pods to those who keep them. Nobody is told anything before the first whole list is there.
 */
package io.bundlet.apiserver.pods;
