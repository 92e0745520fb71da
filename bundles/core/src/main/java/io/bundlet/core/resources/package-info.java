/**
 * What pods ask for and may use, in whole numbers: quantities, a pod's effective requests and limits, its class of
 * service and what follows from it. Facts come from Kubernetes' own rules; nothing here knows a runtime.
 */
package io.bundlet.core.resources;
