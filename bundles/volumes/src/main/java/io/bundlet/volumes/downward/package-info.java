/** downwardAPI volumes: facts about the pod, in memory where the node may mount that. */
package io.bundlet.volumes.downward;
