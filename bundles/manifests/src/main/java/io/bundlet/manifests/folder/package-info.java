/** Files and directories on their way to a list of pods: read, watched, compared with what they said before. */
package io.bundlet.manifests.folder;
