/**
 * What callers may do: the API server is asked by SubjectAccessReview, and its answers are kept for a while, as the
 * Kubernetes kubelet keeps them. Nothing that a caller can invent fills memory or pushes out what others have proved.
 */
package io.bundlet.kubeletapi.access;
