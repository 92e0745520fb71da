package io.bundlet.api.admin;

/**
 * How much a node has of something.
 *
 * @param name {@code cpu}, in thousandths of a processor; {@code memory} and {@code ephemeral-storage}, in bytes;
 *     {@code pods}, in pieces
 * @param capacity all of it
 * @param allocatable what pods may have of it
 * @param requested what the pods that it has ask for; may be more than is allocatable, when that has become less
 */
public record ResourceView(String name, long capacity, long allocatable, long requested) {}
