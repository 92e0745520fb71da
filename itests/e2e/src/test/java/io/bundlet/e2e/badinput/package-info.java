/**
 * Bad input: what people and machines get wrong, what they are told, and that the other pods do not notice.
 * Each class prints a table of the exact words.
 */
package io.bundlet.e2e.badinput;
