/**
 * Events for people: equal ones are counted in one object, many alike are combined, a thing that makes too many is cut
 * off, and nobody waits for any of it.
 */
package io.bundlet.apiserver.events;
