package io.bundlet.core.admission;

/**
 * Something that is not left in the amount that a pod asks for.
 *
 * @param resource its name
 * @param requested what the pod asks for; {@code cpu} in thousandths
 * @param used what other pods have
 * @param capacity what pods may have all together
 */
record Shortage(String resource, long requested, long used, long capacity) {
  String reason() {
    return "OutOf" + resource;
  }

  String message() {
    return "Node didn't have enough resource: " + resource + ", requested: " + requested + ", used: " + used
        + ", capacity: " + capacity;
  }

  long missing() {
    return requested - (capacity - used);
  }
}
