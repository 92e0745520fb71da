package io.bundlet.testkit.pods;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the steps of a script become a container of a runtime; which steps there are is told by the scripted
 * provider.
 */
public enum Runtime {
  SCRIPTED("scripted") {
    @Override
    Map<String, Object> container(List<String> steps, Images images) {
      return Map.of("image", "here/box:1", "args", steps);
    }
  },
  WASI("wasi") {
    @Override
    Map<String, Object> container(List<String> steps, Images images) {
      return Map.of("image", "file:" + images.module(), "args", steps);
    }
  },
  CRI("runc") {
    @Override
    Map<String, Object> container(List<String> steps, Images images) {
      Map<String, Object> container = new LinkedHashMap<>();
      container.put("image", images.image());
      container.put("command", List.of("/bin/sh", "-c", Shell.script(steps)));
      return container;
    }
  };

  /** The images with a script's player: a module of WASI, and an image with a shell. */
  public record Images(String module, String image) {}

  private final String handler;

  Runtime(String handler) {
    this.handler = handler;
  }

  public String handler() {
    return handler;
  }

  /** As in a list of runtimes. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  abstract Map<String, Object> container(List<String> steps, Images images);

  /** A command for an exec probe or hook. */
  List<String> command(List<String> steps) {
    return this == SCRIPTED ? steps : new ArrayList<>(List.of("/bin/sh", "-c", Shell.script(steps)));
  }
}
