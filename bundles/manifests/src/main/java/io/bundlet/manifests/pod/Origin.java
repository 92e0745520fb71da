package io.bundlet.manifests.pod;

import java.nio.file.Path;

/**
 * Where and for which node a file is read.
 *
 * @param nodeId goes into every uid, so that two nodes with the same file have different pods
 * @param nodeName becomes spec.nodeName; empty: not set
 * @param suffix whether {@code -nodeName} is appended to the pods' names
 * @param file absolute path of the file
 */
public record Origin(String nodeId, String nodeName, boolean suffix, Path file) {}
