package io.bundlet.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that every command that starts a node takes. */
final class NodeOptions {
  @Option(
      names = {"--data", "--data-dir"},
      paramLabel = "DIR",
      description = "Where the node keeps its state. Default: /var/lib/bundlet as root, else ~/.bundlet; for run a"
          + " directory that is removed at the end.")
  Path data;

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description =
      "Bundles that are added to the distribution or take the place of its own. Default: plugins beside it.")
  Path plugins;

  @Option(
      names = "--config",
      paramLabel = "PATH",
      description = "A directory of files PID.cfg, whose lines KEY = VALUE go over the distribution's; for node also a"
          + " file: a KubeletConfiguration (YAML), or Krustlet's config.json. May be repeated, files go over"
          + " directories.")
  List<Path> config = new ArrayList<>();

  @Option(names = {"--node-name", "--hostname-override"}, paramLabel = "NAME",
      description = "The node's name. Default: the host's name.")
  String nodeName;

  @Option(
      names = "--default-handler",
      paramLabel = "HANDLER",
      description = "The runtime handler of pods without runtimeClassName, such as wasi.")
  String defaultHandler;

  @Option(
      names = {"-n", "--node-ip"},
      paramLabel = "IP[,IP]",
      description =
      "The node's own address, or one of each family. Default: those of the interface that leads outside.")
  String nodeIp;

  @Option(
      names = "--cluster-dns",
      paramLabel = "IP[,IP]",
      description = "The cluster's name servers, for pods of dnsPolicy ClusterFirst. Default: none.")
  String clusterDns;

  @Option(
      names = "--cluster-domain",
      paramLabel = "DOMAIN",
      description = "The domain of the cluster's services. Default: cluster.local.")
  String clusterDomain;

  @Option(
      names = "--resolv-conf",
      paramLabel = "FILE",
      description = "From where pods of dnsPolicy Default look names up. Default: /etc/resolv.conf; empty: nowhere.")
  String resolvConf;

  @Option(names = {"--cri-endpoint", "--container-runtime-endpoint"}, paramLabel = "SOCKET",
      description = "The container runtime's socket.")
  String criEndpoint;

  @Option(
      names = "--set",
      paramLabel = "PID:KEY=VALUE",
      converter = SettingConverter.class,
      description = "Sets one configuration value, such as io.bundlet.wasi.provider:engine=endive. May be repeated.")
  List<Setting> settings = new ArrayList<>();

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      converter = LogLevel.class,
      description = "What goes to the log on stderr: error, warn (default), info, debug, trace.")
  String logLevel;

  @Option(
      names = "--all-bundles",
      description = "Starts all bundles of the distribution, also those that only a node in a cluster needs.")
  boolean allBundles;

  @Option(names = "--stacktraces", description = "Shows where in the program errors come from.")
  boolean stackTraces;

  /** Those of {@code --config} that are directories. */
  List<Path> directories() {
    return config.stream().filter(Files::isDirectory).toList();
  }

  /** The others. */
  List<Path> files() {
    return config.stream().filter(each -> !Files.isDirectory(each)).toList();
  }

  /** One value of one configuration. */
  record Setting(String pid, String key, String value) {}

  /** Reads {@code pid:key=value}. */
  static final class SettingConverter implements ITypeConverter<Setting> {
    @Override
    public Setting convert(String text) {
      int colon = text.indexOf(':');
      int equals = text.indexOf('=', colon + 1);
      if (colon < 1 || equals < colon + 2) {
        throw new TypeConversionException(
            "'" + text + "' is not of the form PID:KEY=VALUE, such as io.bundlet.core:default.handler=wasi");
      }
      String pid = text.substring(0, colon);
      String key = text.substring(colon + 1, equals);
      if (!Configurations.isName(pid) || !Configurations.isName(key)) {
        throw new TypeConversionException("'" + text + "': names consist of letters, digits, '.', '_' and '-'");
      }
      return new Setting(pid, key, text.substring(equals + 1));
    }
  }

  /** Reads a log level. */
  static final class LogLevel implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      String level = text.toUpperCase(Locale.ROOT);
      if (!List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE").contains(level)) {
        throw new TypeConversionException("'" + text + "' is not one of error, warn, info, debug, trace");
      }
      return level;
    }
  }
}
