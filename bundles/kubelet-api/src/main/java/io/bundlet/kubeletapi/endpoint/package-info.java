/**
 * What the routes answer. Whatever is told comes from services of others; while one is away, callers are told so
 * (503).
 */
package io.bundlet.kubeletapi.endpoint;
