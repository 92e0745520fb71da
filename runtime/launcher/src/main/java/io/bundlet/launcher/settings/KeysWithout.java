package io.bundlet.launcher.settings;

import java.util.Map;
import java.util.TreeMap;

/**
 * Keys of a KubeletConfiguration for which there is nothing here yet, each with the values that are the same as
 * nothing.
 */
final class KeysWithout {
  static final Map<String, Rule> NOTHING = new TreeMap<>();

  /** Of the log's formats. */
  static final Rule LOG_OPTIONS =
      Rule.object(Map.of("infoBufferSize", Rule.nothing(), "splitStream", Rule.nothing()));

  static {
    for (String key : """
        cgroupRoot cpuManagerPolicyOptions enableContentionProfiling enableDebugFlagsHandler
        enableProfilingHandler enableSystemLogHandler enableSystemLogQuery evictionMaxPodGracePeriod
        evictionMinimumReclaim evictionSoft evictionSoftGracePeriod failCgroupV1 failSwapOn featureGates
        fileCheckFrequency hairpinMode httpCheckFrequency imagePullCredentialsVerificationPolicy
        kernelMemcgNotification kubeReservedCgroup kubeletCgroups makeIPTablesUtilChains maxOpenFiles
        memoryThrottlingFactor oomScoreAdj
        podCIDR podLogsDir podsPerCore preloadedImagesVerificationAllowlist protectKernelDefaults qosReserved
        readOnlyPort registryBurst registryPullQPS reservedMemory reservedSystemCPUs
        showHiddenMetricsForVersion singleProcessOOMKill staticPodURL staticPodURLHeader
        syncFrequency systemCgroups systemReservedCgroup tlsCipherSuites tlsCurvePreferences
        topologyManagerPolicyOptions tracing volumePluginDir volumeStatsAggPeriod
        """.strip().split("\\s+")) {
      NOTHING.put(key, Rule.nothing());
    }
    NOTHING.put("containerLogMaxWorkers", Rule.nothing("1"));
    NOTHING.put("cpuCFSQuotaPeriod", Rule.nothing("100ms"));
    NOTHING.put("cpuManagerPolicy", Rule.nothing("none", "None"));
    NOTHING.put("cpuManagerReconcilePeriod", Rule.nothing("10s"));
    NOTHING.put("crashLoopBackOff", Rule.object(Map.of("maxContainerRestartPeriod",
        Rule.nothing("5m", "5m0s", "300s"))));
    NOTHING.put("enforceNodeAllocatable", Rule.nothing("[none]"));
    NOTHING.put("eventBurst", Rule.nothing("100"));
    NOTHING.put("eventRecordQPS", Rule.nothing("50"));
    NOTHING.put("iptablesDropBit", Rule.nothing("15"));
    NOTHING.put("iptablesMasqueradeBit", Rule.nothing("14"));
    NOTHING.put("memoryManagerPolicy", Rule.nothing("None"));
    NOTHING.put("memorySwap", Rule.object(Map.of("swapBehavior", Rule.nothing("NoSwap"))));
    NOTHING.put("nodeStatusMaxImages", Rule.nothing("50"));
    NOTHING.put("podPidsLimit", Rule.nothing("-1"));
    NOTHING.put("streamingConnectionIdleTimeout", Rule.nothing("4h", "4h0m0s"));
    NOTHING.put("tlsMinVersion", Rule.nothing("VersionTLS12"));
    NOTHING.put("topologyManagerPolicy", Rule.nothing("none"));
    NOTHING.put("topologyManagerScope", Rule.nothing("container"));
    NOTHING.put("userNamespaces", Rule.object(Map.of("idsPerPod", Rule.nothing("65536"))));
  }

  private KeysWithout() {}
}
