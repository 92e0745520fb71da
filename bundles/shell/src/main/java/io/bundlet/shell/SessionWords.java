package io.bundlet.shell;

import java.util.Arrays;
import java.util.List;

/**
 * The words of {@code pod:exec} and {@code pod:attach}, read by hand: what follows the pod belongs to the command that
 * is to be run, whatever it looks like.
 *
 * @param container empty: not named
 * @param stdin whether the caller's input is sent
 * @param pod the pod
 * @param command what follows it
 */
record SessionWords(String container, boolean stdin, String pod, List<String> command) {
  static SessionWords of(String... words) throws CommandFailure {
    String container = "";
    boolean stdin = false;
    int at = 0;
    while (at < words.length && words[at].startsWith("-")) {
      switch (words[at]) {
        case "-i", "--stdin" -> stdin = true;
        case "-c", "--container" -> {
          at++;
          if (at == words.length) {
            throw new CommandFailure("name the container after " + words[at - 1]);
          }
          container = words[at];
        }
        default -> throw new CommandFailure(
            "unknown option '" + words[at] + "'; there are -c CONTAINER and -i, before the pod");
      }
      at++;
    }
    if (at == words.length) {
      throw new CommandFailure("name the pod; pod:list shows those there are");
    }
    String pod = words[at];
    List<String> rest = Arrays.asList(words).subList(at + 1, words.length);
    boolean dashes = !rest.isEmpty() && rest.getFirst().equals("--");
    return new SessionWords(container, stdin, pod, List.copyOf(dashes ? rest.subList(1, rest.size()) : rest));
  }
}
