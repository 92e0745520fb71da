/**
 * The node's bundles in a real framework, each class in a fresh one: the frozen list of the distribution at its start
 * levels, with configurations as the launcher writes them, and this package as the one bundle more. It sees what a
 * vendor's bundle sees: {@code io.bundlet.api} and OSGi.
 */
package io.bundlet.itests.osgi;
