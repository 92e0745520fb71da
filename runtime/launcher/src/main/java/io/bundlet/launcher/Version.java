package io.bundlet.launcher;

import picocli.CommandLine.IVersionProvider;

/** The version of this distribution. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"bundlet " + number(), "java " + Runtime.version()};
  }

  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not built)" : version;
  }
}
