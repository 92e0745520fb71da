/**
 * What a volume driver is: one component for each kind of volume source. A driver makes a volume's content appear at a
 * path of the host; which container sees it where is the core's business.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.volume;
