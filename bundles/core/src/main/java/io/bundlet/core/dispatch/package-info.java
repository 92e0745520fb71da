/** Brings together what the sources want and what the node has: one worker a pod, by uid. */
package io.bundlet.core.dispatch;
