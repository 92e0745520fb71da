package io.bundlet.launcher.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a file or an environment says.
 *
 * @param settings in the order in which they were said; the last one of a value counts
 * @param warnings what does not hold, a sentence each
 * @param dataDirectory where the node is to keep its data, if that was said
 */
public record Said(List<Setting> settings, List<String> warnings, Optional<Path> dataDirectory) {
  public Said {
    settings = List.copyOf(settings);
    warnings = List.copyOf(warnings);
  }
}
