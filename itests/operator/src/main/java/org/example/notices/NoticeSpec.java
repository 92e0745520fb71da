package org.example.notices;

/**
 * What somebody wants.
 *
 * @param nodeName the node that is to post it; what is changed here after it has begun counts no more
 * @param text what is to be read
 */
public record NoticeSpec(String nodeName, String text) {}
