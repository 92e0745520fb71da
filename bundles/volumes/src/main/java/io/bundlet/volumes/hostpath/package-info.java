/**
 * hostPath volumes: a file or directory of the node itself. Nothing is mounted here and nothing is ever removed; the
 * driver makes what the volume's type asks it to make, and refuses what is not of that type.
 */
package io.bundlet.volumes.hostpath;
