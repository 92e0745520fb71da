/** The volume drivers that are bound now, by kind. */
package io.bundlet.core.volume;
