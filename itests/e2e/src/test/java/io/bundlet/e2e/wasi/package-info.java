/**
 * WASI as guests find it, on each engine: probes call every function, rightly and wrongly, and judge themselves; guests
 * that mean harm try what they can, and what they have reached is judged from outside, by files of the host. Both give
 * a table. What an engine lacks is written down word for word in {@code lacks.txt}, so that a test notices when it gets
 * better, too.
 */
package io.bundlet.e2e.wasi;
