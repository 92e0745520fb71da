/**
 * What the command {@code bundlet} does before there are bundles: reads the command line, claims the data directory,
 * decides which jars make up this node (the frozen distribution, and over it what lies in the plugins folder), writes
 * their configuration, and starts the framework in this process. It knows bundles by symbolic name only and shares no
 * class with them; what has to pass between the two is of JDK types.
 */
package io.bundlet.launcher;
