/**
 * A containerd of the tests' own: started as a child process with everything that it keeps in one directory, with
 * images made on the spot from the machine's static busybox, and taken away without a trace. {@link
 * io.bundlet.testkit.containerd.Containerd} is the way in; {@link io.bundlet.testkit.containerd.CriClient} looks at the
 * runtime from outside, past the provider under test.
 */
package io.bundlet.testkit.containerd;
