package org.example.notices;

/**
 * What has come of it.
 *
 * @param phase the name of the machine's state
 * @param nodeName the node that has begun to post it, for good
 * @param configMap where it is to be read; null: nowhere yet
 * @param message why it is not posted; null: it is, or nothing is wrong yet
 * @param observedGeneration of the spec that this is about
 */
public record NoticeStatus(
    String phase, String nodeName, String configMap, String message, Long observedGeneration) {}
