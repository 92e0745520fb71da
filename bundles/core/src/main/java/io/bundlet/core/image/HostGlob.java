package io.bundlet.core.image;

/**
 * One part of a host's name with wildcards: {@code *} is any characters, {@code ?} is one, {@code [a-z]} one of these,
 * {@code [^a-z]} one of the others. Looking takes no longer than the product of both lengths, whatever they are.
 */
record HostGlob(String glob) {
  boolean matches(String text) {
    int at = 0;
    int seen = 0;
    int star = -1;
    int taken = 0;
    while (seen < text.length()) {
      if (at < glob.length() && glob.charAt(at) == '*') {
        star = at++;
        taken = seen;
      } else if (at < glob.length() && one(at, text.charAt(seen))) {
        at = next(at);
        seen++;
      } else if (star >= 0) {
        at = star + 1;
        seen = ++taken;
      } else {
        return false;
      }
    }
    while (at < glob.length() && glob.charAt(at) == '*') {
      at++;
    }
    return at == glob.length();
  }

  /** Where the set that begins here ends; -1: it is no set. */
  private int endOfSet(int at) {
    return glob.charAt(at) == '[' ? glob.indexOf(']', at + 2) : -1;
  }

  private int next(int at) {
    return Math.max(at, endOfSet(at)) + 1;
  }

  private boolean one(int at, char character) {
    int end = endOfSet(at);
    if (end < 0) {
      return glob.charAt(at) == '?' || glob.charAt(at) == character;
    }
    boolean others = glob.charAt(at + 1) == '^';
    boolean found = false;
    int i = at + (others ? 2 : 1);
    while (i < end) {
      boolean range = i + 2 < end && glob.charAt(i + 1) == '-';
      char last = glob.charAt(range ? i + 2 : i);
      found |= glob.charAt(i) <= character && character <= last;
      i += range ? 3 : 1;
    }
    return found != others;
  }
}
