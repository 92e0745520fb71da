package io.bundlet.wasi.preview1;

import io.bundlet.wasi.preview1.calls.Settings;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be set. */
@ObjectClassDefinition(name = "Bundlet WASI preview 1")
public @interface Config {
  /** Where it is set. */
  String PID = "io.bundlet.wasi.preview1";

  /** How many descriptors a guest may have open. */
  @AttributeDefinition(
      min = "3",
      description = "how many files and directories a guest may have open at once, those it is given included;"
          + " of guests that start from then on")
  int open_files() default Settings.OPEN_FILES;
}
