/**
 * A node that is killed at any moment keeps the rules of docs/architecture.md, "After a crash". What started is
 * counted from the files that each start appends to, containers are asked for by raw CRI.
 */
package io.bundlet.e2e.crash;
