/**
 * Kubernetes objects from YAML values, strictly: an unknown field or a value of the wrong type is a finding with its
 * path. Written over the model's setters instead of a JSON library, because that tells all mistakes of a document at
 * once, knows their lines, and loads only the classes that a manifest mentions.
 */
package io.bundlet.manifests.model;
