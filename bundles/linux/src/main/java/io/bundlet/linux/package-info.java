/**
 * What Linux does with files and sockets and Java has no words for: mounting, and finding a path below a directory
 * although somebody who may write there exchanges its parts meanwhile. Such a path is held as an open descriptor and
 * used through {@code /proc/self/fd}, never by its name again. For those who do much with files and sockets by number,
 * {@link io.bundlet.linux.SystemCalls} has the calls themselves. Calls go to the C library; none of them runs a
 * program.
 */
package io.bundlet.linux;
