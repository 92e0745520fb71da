/**
 * The interfaces between the core and what brings it Kubernetes objects: ours only, which is why fabric8's model may
 * appear in their signatures. The export carries a mandatory attribute, so that nobody imports it by accident.
 */
@org.osgi.annotation.bundle.Export(attribute = {"bundlet=internal", "mandatory:=bundlet"})
@org.osgi.annotation.versioning.Version("0.1.0")
package io.bundlet.kubernetes;
