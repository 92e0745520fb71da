/** The services of the cluster, for the variables of containers. */
package io.bundlet.apiserver.services;
