/**
 * What the files and the environments of other kubelets say, as settings of ours. A file is read node by node, so that
 * each mistake is told with its key and its line; one table a kind of file ({@link
 * io.bundlet.launcher.settings.KubeletKeys}, {@link io.bundlet.launcher.settings.KrustletKeys}) has a row for each key:
 * it takes effect, or it is said that it does not, so that files that were written for others can be used, and nobody
 * believes that something holds which does not. Nothing here is loaded by a node that is given no such file. Whatever
 * is read is checked by whom it concerns; here it is seen to that it has the right type, and that numbers are possible.
 */
package io.bundlet.launcher.settings;
