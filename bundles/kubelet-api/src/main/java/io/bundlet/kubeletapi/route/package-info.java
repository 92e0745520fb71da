/**
 * What can be asked, as data ({@link io.bundlet.kubeletapi.route.RouteTable}), and the one way that each request goes:
 * who calls, what he may do, which route, the answer. Nothing is told to anybody before the first two are settled, not
 * even that there is no such route.
 */
package io.bundlet.kubeletapi.route;
