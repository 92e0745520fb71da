/**
 * Limits hold and hurt nobody else: processor time as the kernel counts it, memory by what becomes of who wants more,
 * control groups as they are mounted.
 */
package io.bundlet.e2e.limits;
