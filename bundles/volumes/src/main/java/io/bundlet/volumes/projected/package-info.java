/** projected volumes: config maps, secrets, facts about the pod and tokens of its service account in one directory. */
package io.bundlet.volumes.projected;
