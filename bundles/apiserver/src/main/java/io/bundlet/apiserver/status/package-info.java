/**
 * What the node says of its pods, on its way into the API server: the latest of each pod, compared with what stands
 * there, as a patch of only what differs; and the pod's removal when nothing of it is left.
 */
package io.bundlet.apiserver.status;
