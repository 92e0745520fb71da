/** YAML text as a tree of plain values that know their line; bounded in depth, size and aliases. */
package io.bundlet.manifests.yaml;
