/**
 * What the node tells of its pods: phase and conditions by Kubernetes' rules, and the one writer that passes every
 * change on.
 */
package io.bundlet.core.status;
