package io.bundlet.testkit.pods;

import java.util.List;
import java.util.stream.Collectors;

/** A script as a shell of busybox does it. */
final class Shell {
  private Shell() {}

  static String script(List<String> steps) {
    String stop = steps.stream().filter(step -> step.startsWith("stop ")).findFirst()
        .map(step -> step.substring(5)).orElse("143");
    // The first process of a container ends by TERM only if it says so.
    String trap = stop.equals("deaf") ? "trap '' TERM" : "trap 'exit " + stop + "' TERM";
    return trap + "; " + steps.stream().map(Shell::command).collect(Collectors.joining("; "));
  }

  private static String command(String step) {
    String[] words = step.split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    return switch (words[0]) {
      case "say" -> "echo \"" + rest.replace("\"", "\\\"") + "\"";
      case "complain" -> "echo \"" + rest.replace("\"", "\\\"") + "\" >&2";
      case "env" -> "if [ -n \"${" + rest + "+x}\" ]; then echo \"" + rest + "=$" + rest + "\"; else echo \"" + rest
          + " is not set\"; fi";
      case "cat" -> "while read -r line || [ -n \"$line\" ]; do echo \"" + rest + ": $line\"; done < " + rest
          + " || exit 1";
      case "ls" -> "echo \"" + rest + ":\" $(ls " + rest + ")";
      case "stat" -> "stat -L -c \"" + rest + ": %a %u:%g\" " + rest;
      case "write" -> write(rest.split(" ", 2));
      case "sleep" -> "sleep " + Long.parseLong(rest) / 1000.0 + " & wait $!";
      case "run" -> "while true; do sleep 100000 & wait $!; done";
      case "exit" -> "exit " + rest.split(" ")[0];
      case "stop" -> ":";
      default -> throw new IllegalArgumentException("no such step in a shell: " + step);
    };
  }

  private static String write(String[] words) {
    return "echo -n \"" + (words.length > 1 ? words[1] : "") + "\" > " + words[0] + " || exit 1";
  }
}
