/**
 * The runtime providers as the core sees them: by name and by handler, behind a gate that closes when a provider
 * leaves. A worker holds a provider's name, never the provider.
 */
package io.bundlet.core.provider;
