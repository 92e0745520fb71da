/**
 * The rules of the house, checked on what was built and not on what was meant: manifests and class files of the
 * bundles. The rules are data in {@code cnf/house.properties}.
 */
package io.bundlet.itests.house;
