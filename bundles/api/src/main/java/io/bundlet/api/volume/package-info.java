/**
 * What a volume driver is: one component for each kind of volume source. A driver makes a volume's content appear at a
 * path of the host; which container sees it where, which part of it, and when it is made anew is the core's business. A
 * driver is told everything it needs with each call and reads objects through what it is handed; it keeps no pod in
 * mind, so that it can be exchanged while the pods run.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.2.0")
package io.bundlet.api.volume;
