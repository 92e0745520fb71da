/**
 * Writes down every status that the node tells of its pods, a line of JSON each, in order. The line is in the file
 * before
 * the node tells the next status, so that none is lost when the node is killed. Beside the statuses there is one line
 * when it begins to listen.
 */
package io.bundlet.testkit.recorder;
