package io.bundlet.launcher.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each key of a KubeletConfiguration takes effect, or it is said that it does not. */
class KubeletFileTest {
  static final String HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

  @TempDir Path directory;

  private Said read(String text) throws Exception {
    return SettingsFile.read(Files.writeString(directory.resolve("k"), HEAD + text));
  }

  private String settings(String text) throws Exception {
    return read(text).settings().stream()
        .map(each -> each.pid().replace("io.bundlet.", "") + ":" + each.key() + "=" + each.value())
        .reduce((one, other) -> one + " " + other).orElse("").replace(directory.toString(), "DIR");
  }

  static Stream<Arguments> effects() {
    return Stream.of(
        // its server
        Arguments.of("address: 10.0.0.1", "kubelet-api:address=10.0.0.1"),
        Arguments.of("port: 4000", "kubelet-api:port=4000 core:kubelet.port=4000"),
        Arguments.of("port: 0", ""),
        Arguments.of("enableServer: false", "kubelet-api:enabled=false"),
        Arguments.of("healthzPort: 0", "kubelet-api:healthz.port=0"),
        Arguments.of("healthzBindAddress: '::1'", "kubelet-api:healthz.address=::1"),
        Arguments.of("tlsCertFile: /c\ntlsPrivateKeyFile: k.pem",
            "apiserver:tls.cert.file=/c apiserver:tls.private.key.file=DIR/k.pem"),
        Arguments.of("serverTLSBootstrap: true", "apiserver:server.tls.bootstrap=true"),
        Arguments.of("authentication: {x509: {clientCAFile: ../ca}, anonymous: {enabled: false}, webhook: {enabled: "
            + "true, cacheTTL: 0s}}", "apiserver:client.ca.file=" + "PARENT/ca"),
        Arguments.of("authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 1m0s, cacheUnauthorizedTTL: 10s}}",
            "kubelet-api:allowed.cache.seconds=60 kubelet-api:denied.cache.seconds=10"),
        Arguments.of("authentication: {webhook: {cacheTTL: 90s}}", "kubelet-api:token.cache.seconds=90"),
        // the node in its cluster
        Arguments.of("registerWithTaints: [{key: a, value: b, effect: NoSchedule}, {key: c, effect: NoExecute}]",
            "core:node.taints=[a=b:NoSchedule, c:NoExecute]"),
        Arguments.of("providerID: x://y", "core:provider.id=x://y"),
        Arguments.of("nodeStatusUpdateFrequency: 1m",
            "apiserver:status.look.seconds=60 apiserver:status.report.seconds=60"),
        Arguments.of("nodeStatusUpdateFrequency: 20s\nnodeStatusReportFrequency: 1h1m1.5s",
            "apiserver:status.look.seconds=20 apiserver:status.report.seconds=3662"),
        Arguments.of("nodeStatusUpdateFrequency: 0s\nnodeStatusReportFrequency: '0'", ""),
        Arguments.of("nodeLeaseDurationSeconds: 100", "apiserver:lease.seconds=100"),
        Arguments.of("kubeAPIQPS: 5\nkubeAPIBurst: 10", "apiserver:qps=5 apiserver:burst=10"),
        Arguments.of("rotateCertificates: true\nregisterNode: true\nenableControllerAttachDetach: true", ""),
        // its pods
        Arguments.of("staticPodPath: manifests", "manifests:paths=[DIR/manifests]"),
        Arguments.of("maxPods: 7", "core:max.pods=7"),
        Arguments.of("clusterDNS: [10.96.0.10, 'fd00::10']\nclusterDomain: c.local",
            "core:cluster.dns=[10.96.0.10, fd00::10] core:cluster.domain=c.local"),
        Arguments.of("resolvConf: /run/r", "core:resolv.conf=/run/r"),
        Arguments.of("resolvConf: ''", "core:resolv.conf="),
        Arguments.of("runtimeRequestTimeout: 1m30s", "cri.provider:request.timeout.seconds=90"),
        Arguments.of("allowedUnsafeSysctls: [kernel.sem, 'net.*']\nseccompDefault: true",
            "cri.provider:allowed.unsafe.sysctls=[kernel.sem, net.*]"),
        Arguments.of("containerLogMaxSize: 5Mi\ncontainerLogMaxFiles: 3\ncontainerLogMonitorInterval: 30s",
            "core:log.max.size=5Mi core:log.max.files=3 core:log.interval.seconds=30"),
        Arguments.of("shutdownGracePeriod: 30s\nshutdownGracePeriodCriticalPods: 10s",
            "core:shutdown.grace.seconds=30 core:shutdown.grace.critical.seconds=10"),
        Arguments.of("shutdownGracePeriodByPodPriority: [{priority: 100, shutdownGracePeriodSeconds: 10}, "
            + "{priority: 0, shutdownGracePeriodSeconds: 20}]", "core:shutdown.grace.by.priority=[100=10, 0=20]"),
        // what pods may have
        Arguments.of("systemReserved: {cpu: 200m, memory: 1Gi}\nkubeReserved: {ephemeral-storage: 2Gi}",
            "core:system.reserved=[cpu=200m, memory=1Gi] core:kube.reserved=[ephemeral-storage=2Gi]"),
        Arguments.of("evictionHard: {memory.available: 200Mi}", "core:eviction.hard=[memory.available<200Mi]"),
        Arguments.of("evictionHard: {nodefs.available: 100%, imagefs.available: 0%}",
            "core:eviction.hard=[nodefs.available<0%]"),
        Arguments.of("evictionHard: {memory.available: 200Mi}\nmergeDefaultEvictionSettings: true",
            "core:eviction.hard=[memory.available<200Mi, nodefs.available<10%, nodefs.inodesFree<5%]"),
        Arguments.of("evictionHard: {}", ""),
        Arguments.of("evictionPressureTransitionPeriod: 1m", "core:eviction.transition.seconds=60"),
        Arguments.of("cgroupsPerQOS: false", "cgroups:pods=false"),
        // its images
        Arguments.of("imageGCHighThresholdPercent: 70\nimageGCLowThresholdPercent: 0",
            "core:image.gc.high.percent=70 core:image.gc.low.percent=0"),
        Arguments.of("imageMinimumGCAge: 1m30s\nimageMaximumGCAge: 12h",
            "core:image.gc.min.age.seconds=90 core:image.gc.max.age.seconds=43200"),
        Arguments.of("serializeImagePulls: true", "core:max.parallel.image.pulls=1"),
        Arguments.of("serializeImagePulls: false", "core:max.parallel.image.pulls=0"),
        Arguments.of("serializeImagePulls: false\nmaxParallelImagePulls: 3", "core:max.parallel.image.pulls=3"),
        Arguments.of("maxParallelImagePulls: 2", "core:max.parallel.image.pulls=2"),
        // the machine
        Arguments.of("containerRuntimeEndpoint: unix:///run/a.sock\nimageServiceEndpoint: /run/a.sock",
            "cri.provider:endpoint=unix:///run/a.sock"),
        Arguments.of("cgroupDriver: systemd\nlogging: {format: text, verbosity: 0, flushFrequency: 5s}", ""),
        Arguments.of("<<: {maxPods: 5, clusterDomain: b}\nmaxPods: 6", "core:max.pods=6 core:cluster.domain=b"),
        Arguments.of("maxPods:\nport: null", ""));
  }

  @ParameterizedTest
  @MethodSource("effects")
  void whatThereIsTakesEffect(String text, String settings) throws Exception {
    assertEquals(settings.replace("PARENT", directory.getParent().toString()), settings(text));
    assertEquals(List.of(), read(text).warnings());
  }

  static Stream<Arguments> withoutEffect() {
    return Stream.of(
        Arguments.of("authentication: {anonymous: {enabled: true}}",
            "authentication.anonymous.enabled: callers without a name are refused all the same"),
        Arguments.of("authentication: {webhook: {enabled: false}}", "tokens all the same"),
        Arguments.of("authorization: {mode: AlwaysAllow}", "authorization.mode: the API server is asked"),
        Arguments.of("rotateCertificates: false", "rotateCertificates: certificates are renewed all the same"),
        Arguments.of("registerNode: false", "registerNode: the node registers itself"),
        Arguments.of("enableDebuggingHandlers: false", "logs can be read all the same"),
        Arguments.of("contentType: application/vnd.kubernetes.protobuf", "JSON all the same"),
        Arguments.of("systemReserved: {pid: '100'}",
            "systemReserved.pid: is left out; there are cpu, ephemeral-storage, memory"),
        Arguments.of("evictionHard: {imagefs.available: 15%}", "images are kept on the file system of nodefs"),
        Arguments.of("logging: {verbosity: 4}", "--log-level debug"),
        Arguments.of("logging: {format: json}", "the log is text all the same"),
        Arguments.of("imageServiceEndpoint: unix:///run/b.sock", "the container runtime's own endpoint"),
        Arguments.of("featureGates: {A: true}",
        "Bundlet has nothing of the kind, so these keys do nothing: featureGates"),
        Arguments.of("podPidsLimit: 100\nreadOnlyPort: 10255", "do nothing: podPidsLimit, readOnlyPort"),
        Arguments.of("topologyManagerPolicy: restricted\nmemorySwap: {swapBehavior: LimitedSwap}",
            "do nothing: topologyManagerPolicy, memorySwap.swapBehavior"),
        Arguments.of("evictionSoft: {memory.available: 1Gi}", "evictionSoft"));
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void whatDoesNotHoldIsSaid(String text, String warning) throws Exception {
    Said said = read(text);
    assertEquals(List.of(), said.settings());
    assertEquals(1, said.warnings().size(), said.warnings()::toString);
    assertTrue(said.warnings().getFirst().contains(warning), said.warnings()::toString);
    assertTrue(said.warnings().getFirst().startsWith(directory.resolve("k").toString()), said.warnings()::toString);
  }

  /** As kubeadm 1.31 writes it; nothing in it is worth a warning. */
  @Test
  void aFileOfKubeadmIsUnderstood() throws Exception {
    Said said = read("""
        authentication:
          anonymous:
            enabled: false
          webhook:
            cacheTTL: 0s
            enabled: true
          x509:
            clientCAFile: /etc/kubernetes/pki/ca.crt
        authorization:
          mode: Webhook
          webhook:
            cacheAuthorizedTTL: 0s
            cacheUnauthorizedTTL: 0s
        cgroupDriver: systemd
        clusterDNS:
        - 10.96.0.10
        clusterDomain: cluster.local
        containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
        cpuManagerReconcilePeriod: 0s
        crashLoopBackOff: {}
        evictionPressureTransitionPeriod: 0s
        fileCheckFrequency: 0s
        healthzBindAddress: 127.0.0.1
        healthzPort: 10248
        httpCheckFrequency: 0s
        imageMaximumGCAge: 0s
        imageMinimumGCAge: 0s
        logging:
          flushFrequency: 0
          options:
            json:
              infoBufferSize: "0"
            text:
              infoBufferSize: "0"
          verbosity: 0
        memorySwap: {}
        nodeStatusReportFrequency: 0s
        nodeStatusUpdateFrequency: 0s
        rotateCertificates: true
        runtimeRequestTimeout: 0s
        shutdownGracePeriod: 0s
        shutdownGracePeriodCriticalPods: 0s
        staticPodPath: /etc/kubernetes/manifests
        streamingConnectionIdleTimeout: 0s
        syncFrequency: 0s
        volumeStatsAggPeriod: 0s
        """);
    assertEquals(List.of(), said.warnings());
    assertEquals(7, said.settings().size(), said.settings()::toString);
  }

  /** All keys of v1beta1 by name, so that none is forgotten here or added without anybody knowing. */
  @Test
  void everyKeyHasItsRow() throws Exception {
    TreeSet<String> all = new TreeSet<>(List.of("""
        address allowedUnsafeSysctls apiVersion authentication authorization cgroupDriver cgroupRoot cgroupsPerQOS
        clusterDNS clusterDomain configMapAndSecretChangeDetectionStrategy containerLogMaxFiles containerLogMaxSize
        containerLogMaxWorkers containerLogMonitorInterval containerRuntimeEndpoint contentType cpuCFSQuota
        cpuCFSQuotaPeriod cpuManagerPolicy cpuManagerPolicyOptions cpuManagerReconcilePeriod crashLoopBackOff
        enableContentionProfiling enableControllerAttachDetach enableDebugFlagsHandler enableDebuggingHandlers
        enableProfilingHandler enableServer enableSystemLogHandler enableSystemLogQuery enforceNodeAllocatable
        eventBurst eventRecordQPS evictionHard evictionMaxPodGracePeriod evictionMinimumReclaim
        evictionPressureTransitionPeriod evictionSoft evictionSoftGracePeriod failCgroupV1 failSwapOn featureGates
        fileCheckFrequency hairpinMode healthzBindAddress healthzPort httpCheckFrequency imageGCHighThresholdPercent
        imageGCLowThresholdPercent imageMaximumGCAge imageMinimumGCAge imagePullCredentialsVerificationPolicy
        imageServiceEndpoint iptablesDropBit iptablesMasqueradeBit kernelMemcgNotification kind kubeAPIBurst
        kubeAPIQPS kubeReserved kubeReservedCgroup kubeletCgroups localStorageCapacityIsolation logging
        makeIPTablesUtilChains maxOpenFiles maxParallelImagePulls maxPods memoryManagerPolicy memorySwap
        memoryThrottlingFactor mergeDefaultEvictionSettings nodeLeaseDurationSeconds nodeStatusMaxImages
        nodeStatusReportFrequency nodeStatusUpdateFrequency oomScoreAdj podCIDR podLogsDir podPidsLimit podsPerCore
        port preloadedImagesVerificationAllowlist protectKernelDefaults providerID qosReserved readOnlyPort
        registerNode registerWithTaints registryBurst registryPullQPS reservedMemory reservedSystemCPUs resolvConf
        rotateCertificates runOnce runtimeRequestTimeout seccompDefault serializeImagePulls serverTLSBootstrap
        showHiddenMetricsForVersion shutdownGracePeriod shutdownGracePeriodByPodPriority
        shutdownGracePeriodCriticalPods singleProcessOOMKill staticPodPath staticPodURL staticPodURLHeader
        streamingConnectionIdleTimeout syncFrequency systemCgroups systemReserved systemReservedCgroup
        tlsCertFile tlsCipherSuites tlsCurvePreferences tlsMinVersion tlsPrivateKeyFile topologyManagerPolicy
        topologyManagerPolicyOptions topologyManagerScope tracing userNamespaces volumePluginDir
        volumeStatsAggPeriod
        """.strip().split("\\s+")));
    assertEquals(all, new TreeSet<>(new KubeletKeys().names()));
  }
}
