/**
 * Bundles exchanged under running pods. Onlookers outside of the node follow each pod by what it does (its log, its
 * connections, its process in the kernel) while bundles come and go; a witness inside lists the bundles' events and the
 * class loaders that are left.
 */
package io.bundlet.e2e.swap;
