/** {@code bundlet run} as people use it: what it prints, where, and with which exit code it ends. */
package io.bundlet.e2e.run;
