/**
 * What the files of a volume hold: the values of a config map or a secret, facts about the pod, a token. One class
 * each, used by the volume of that kind and by projected volumes, which put several together.
 */
package io.bundlet.volumes.content;
