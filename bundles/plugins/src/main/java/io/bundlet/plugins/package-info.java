/**
 * The exchangeable parts of a running node. What is installed is what lies in the plugins folder over the frozen
 * distribution: {@link io.bundlet.plugins.PluginFolder} reads the folder, {@link io.bundlet.plugins.Deployer} makes the
 * framework agree with it, bundle by bundle and without touching any other, and {@link
 * io.bundlet.plugins.ProviderLister} says how all of them are, those that failed too.
 */
package io.bundlet.plugins;
