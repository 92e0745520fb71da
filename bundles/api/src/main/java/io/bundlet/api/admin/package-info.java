/**
 * What people and programs that look after a node may ask of it: shell, console, exporters. Views are values of the
 * moment; commands are few, and thin.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.api.admin;
