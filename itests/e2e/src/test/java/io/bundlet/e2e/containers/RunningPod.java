package io.bundlet.e2e.containers;

import io.bundlet.cri.protocol.Container;
import io.bundlet.cri.protocol.ContainerFilter;
import io.bundlet.cri.protocol.ListContainersRequest;
import io.bundlet.cri.protocol.ListPodSandboxRequest;
import io.bundlet.cri.protocol.PodSandbox;
import io.bundlet.cri.protocol.PodSandboxStatusRequest;
import io.bundlet.testkit.containerd.CriClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** A pod as the runtime and the kernel show it to somebody who is not its node. */
record RunningPod(String name, CriClient runtime) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  PodSandbox sandbox() {
    return runtime.runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList().stream()
        .filter(sandbox -> sandbox.getMetadata().getName().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalStateException("no sandbox of " + name));
  }

  Container container() {
    return runtime.runtime().listContainers(ListContainersRequest.newBuilder()
            .setFilter(ContainerFilter.newBuilder().setPodSandboxId(sandbox().getId())).build())
        .getContainersList().stream().findFirst()
        .orElseThrow(() -> new IllegalStateException("no container of " + name));
  }

  /** Its address in the network of pods. */
  String address() {
    return runtime.runtime().podSandboxStatus(PodSandboxStatusRequest.newBuilder()
        .setPodSandboxId(sandbox().getId()).build()).getStatus().getNetwork().getIp();
  }

  /** A line of what the kernel tells of the process that holds the sandbox, without its name. */
  String sandboxProcess(String line) throws IOException {
    String info = runtime.runtime()
        .podSandboxStatus(PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandbox().getId()).setVerbose(true)
            .build())
        .getInfoOrThrow("info");
    long pid = JSON.readTree(info).path("pid").asLong(0);
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(each -> each.startsWith(line + ":")).map(each -> each.substring(line.length() + 1).strip())
        .findFirst().orElseThrow();
  }
}
