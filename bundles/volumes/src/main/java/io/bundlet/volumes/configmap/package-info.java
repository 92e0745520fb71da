/** configMap volumes: the values of a config map, on disk. */
package io.bundlet.volumes.configmap;
