/**
 * Config maps and secrets that stand beside the pods' manifests: read as strictly as pods, offered to whoever
 * resolves what pods refer to, and told of when a file changes. A changed object restarts no pod.
 */
package io.bundlet.manifests.objects;
