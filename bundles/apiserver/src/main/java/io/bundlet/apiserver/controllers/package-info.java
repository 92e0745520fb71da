/**
 * The Kubernetes client as a service, for controllers that vendors write: with credentials of their own, since a
 * controller needs rights that a node must not have, and a node those that a controller must not have.
 */
package io.bundlet.apiserver.controllers;
