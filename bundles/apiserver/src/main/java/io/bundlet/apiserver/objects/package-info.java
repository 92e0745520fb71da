/**
 * The config maps, secrets and tokens of pods that come from the API server. An object that somebody keeps in use is
 * watched, once for all who do, and read from what the watch has heard; with that, containers can be made anew while
 * the server is away.
 */
package io.bundlet.apiserver.objects;
