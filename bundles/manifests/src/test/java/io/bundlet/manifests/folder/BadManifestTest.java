package io.bundlet.manifests.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One mistake in a good manifest: one problem with line, field path and what to do; the pod beside it is not touched.
 */
class BadManifestTest {
  private static final String GOOD = """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web}
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 5
        containers:
        - name: main
          image: file:main.wasm
          args: [one, two]
          env:
          - name: COLOUR
            value: red
          ports:
          - {name: http, containerPort: 8080}
          resources: {limits: {memory: 64Mi}}
          volumeMounts:
          - {name: data, mountPath: /data}
        - name: second
          image: file:second.wasm
        volumes:
        - name: data
          hostPath: {path: /srv, type: Directory}
      """;

  @TempDir Path directory;

  @Test
  void theManifestWithoutMistakesIsGood() throws Exception {
    assertEquals("web", new Folder(directory).only(GOOD).getMetadata().getName());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      name: web             | nam: web             | 5: metadata.nam: unknown field; did you mean "name"?
      name: web             | name: Web            | 5: metadata.name: "Web" is no DNS name
      name: web             | name: 12             | 5: metadata.name: is the number 12, must be text; put it in quotes
      name: web             | generateName: web-   | 5: metadata.generateName: names are not generated
      labels: {app: web}    | namespace: a.b       | 6: metadata.namespace: "a.b" is no DNS label
      {app: web}            | {app: "a b"}         | 6: metadata.labels[app]: "a b" is no label value
      {app: web}            | {app: 1}             | 6: metadata.labels[app]: is the number 1, must be text
      {app: web}            | [app]                | 6: metadata.labels: is a list, must be a map
      kind: Pod             | kind: Deployment     | 3: kind: unknown kind "Deployment"
      kind: Pod             | kynd: Pod            | 2: kind: is missing
      apiVersion: v1        | apiVersion: v2       | 2: apiVersion: unknown version "v2" of Pod; write v1
      spec:                 | spce:                | 7: spce: unknown field; did you mean "spec"?
      restartPolicy: Never  | restartPolicy: Often | 8: spec.restartPolicy: "Often" is not supported; use Always, OnFailure or Never
      Seconds: 5            | Seconds: -5          | 9: spec.terminationGracePeriodSeconds: -5 is out of range
      Seconds: 5            | Seconds: 5s          | 9: spec.terminationGracePeriodSeconds: is the text "5s", must be a whole number
      Seconds: 5            | Seconds: 5.5         | 9: spec.terminationGracePeriodSeconds: is the number 5.5, must be a whole number
      name: main            | name: second         | 22: spec.containers[1].name: a second container named "second"
      name: main            | name: Main           | 11: spec.containers[0].name: "Main" is no DNS label
      image: file:main.wasm | imag: file:main.wasm | 12: spec.containers[0].imag: unknown field; did you mean "image"?
      image: file:main.wasm | tty: false           | 11: spec.containers[0].image: is missing
      image: file:main.wasm | image: ""            | 12: spec.containers[0].image: is missing
      image: file:main.wasm | image: "x "          | 12: spec.containers[0].image: must not begin or end with a space
      [one, two]            | one                  | 13: spec.containers[0].args: is the text "one", must be a list
      [one, two]            | [one, 2]             | 13: spec.containers[0].args[1]: is the number 2, must be text
      [one, two]            | [one, ]two           | 13: this is no YAML:
      name: COLOUR          | name: A=B            | 15: spec.containers[0].env[0].name: "A=B" is no name of a variable
      value: red            | value: yes: no       | 16: this is no YAML:
      value: red            | value: true          | 16: spec.containers[0].env[0].value: is the boolean true, must be text; put it in quotes
      value: red            | name: red            | 16: the field "name" is there twice, first in line 15
      8080                  | 80800                | 18: spec.containers[0].ports[0].containerPort: 80800 is out of range; use 1 to 65535
      8080                  | 99999999999          | 18: spec.containers[0].ports[0].containerPort: is the number 99999999999, must be a number of at most 32 bits
      containerPort: 8080   | hostPort: 8080       | 18: spec.containers[0].ports[0].containerPort: is missing
      containerPort: 8080   | containerPort: 1, protocol: tcp | 18: spec.containers[0].ports[0].protocol: "tcp" is not supported
      name: http            | name: HTTP           | 18: spec.containers[0].ports[0].name: "HTTP" is no port name
      64Mi                  | 64MB                 | 19: spec.containers[0].resources.limits[memory]: is the text "64MB", must be a quantity
      64Mi                  | -1                   | 19: spec.containers[0].resources.limits[memory]: -1 is less than 0
      {limits: {memory: 64Mi}} | {limits: {cpu: 1}, requests: {cpu: 1500m}} | 19: spec.containers[0].resources.requests[cpu]: 1500m is more than the limit of 1
      name: COLOUR          | name: "a\u00fc"         | 15: spec.containers[0].env[0].name: "aü" is no name of a variable
      value: red            | valueFrom: {}        | 16: spec.containers[0].env[0].valueFrom: has no source; write one of fieldRef
      value: red            | valueFrom: {fieldRef: {fieldPath: metadata.name}, secretKeyRef: {name: a, key: b}} | 16: spec.containers[0].env[0].valueFrom: has more than one source
      value: red            | value: red, valueFrom: {fieldRef: {fieldPath: metadata.name}} | 16: this is no YAML
      value: red            | `value: red\n      valueFrom: {fieldRef: {fieldPath: metadata.name}}` | 15: spec.containers[0].env[0]: has value and valueFrom; remove one
      value: red            | valueFrom: {fieldRef: {fieldPath: status.phase}} | 16: spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: "status.phase" is not supported; use metadata.name
      value: red            | valueFrom: {fieldRef: {fieldPath: metadata.labels}} | 16: spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: "metadata.labels" is not supported
      value: red            | valueFrom: {fieldRef: {fieldPath: "metadata.labels['a b']"}} | 16: spec.containers[0].env[0].valueFrom.fieldRef.fieldPath
      value: red            | valueFrom: {fieldRef: {apiVersion: v2, fieldPath: metadata.name}} | 16: spec.containers[0].env[0].valueFrom.fieldRef.apiVersion: "v2" is not supported; use v1
      value: red            | valueFrom: {resourceFieldRef: {resource: limits.gpu}} | 16: spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: "limits.gpu" is not supported
      value: red            | valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 10m}} | 16: spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: "10m" is not supported; use 1, 1m
      value: red            | valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 2Mi}} | 16: spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: "2Mi" is not supported
      value: red            | valueFrom: {configMapKeyRef: {name: Map, key: k}} | 16: spec.containers[0].env[0].valueFrom.configMapKeyRef.name: "Map" is no DNS name
      value: red            | valueFrom: {configMapKeyRef: {name: map}} | 16: spec.containers[0].env[0].valueFrom.configMapKeyRef.key: is missing
      value: red            | valueFrom: {secretKeyRef: {name: s, key: a/b}} | 16: spec.containers[0].env[0].valueFrom.secretKeyRef.key: "a/b" is no key
      args: [one, two]      | envFrom: [{prefix: X}] | 13: spec.containers[0].envFrom[0]: has no source; write configMapRef or secretRef
      args: [one, two]      | envFrom: [{configMapRef: {name: a}, secretRef: {name: b}}] | 13: spec.containers[0].envFrom[0]: has more than one source
      args: [one, two]      | envFrom: [{prefix: "X=", secretRef: {name: b}}] | 13: spec.containers[0].envFrom[0].prefix: "X=" cannot begin the name of a variable
      args: [one, two]      | envFrom: [{secretRef: {optional: true}}] | 13: spec.containers[0].envFrom[0].secretRef.name: is missing
      {limits: {memory: 64Mi}} | {limits: {gpu: 1}} | 19: spec.containers[0].resources.limits[gpu]: unknown resource; there are cpu, memory
      {limits: {memory: 64Mi}} | {limits: {example.com/gpu: 1.5}} | 19: spec.containers[0].resources.limits[example.com/gpu]: 1.5 is no whole number
      {limits: {memory: 64Mi}} | {requests: {example.com/gpu: 1}} | 19: spec.containers[0].resources.limits[example.com/gpu]: is missing
      {limits: {memory: 64Mi}} | {limits: {hugepages-2Mi: 4Mi}} | 19: spec.containers[0].resources: huge pages need a request of cpu or memory
      64Mi                  | 10E                  | 19: spec.containers[0].resources.limits[memory]: 10E is more than can be counted
      restartPolicy: Never  | dnsPolicy: Cluster   | 8: spec.dnsPolicy: "Cluster" is not supported; use ClusterFirst
      restartPolicy: Never  | dnsPolicy: None      | 7: spec.dnsConfig.nameservers: is missing; dnsPolicy None needs at least one
      restartPolicy: Never  | dnsConfig: {nameservers: [1.1.1.1, 2.2.2.2, 3.3.3.3, 4.4.4.4]} | 8: spec.dnsConfig.nameservers: has more than 3 elements
      restartPolicy: Never  | dnsConfig: {nameservers: [1.1.1.256]} | 8: spec.dnsConfig.nameservers[0]: "1.1.1.256" is no IP address
      restartPolicy: Never  | dnsConfig: {nameservers: ["::1::"]} | 8: spec.dnsConfig.nameservers[0]: "::1::" is no IP address
      restartPolicy: Never  | dnsConfig: {searches: ["a b"]} | 8: spec.dnsConfig.searches[0]: "a b" is no DNS name
      restartPolicy: Never  | dnsConfig: {options: [{value: "1"}]} | 8: spec.dnsConfig.options[0].name: is missing
      restartPolicy: Never  | hostAliases: [{ip: localhost, hostnames: [a]}] | 8: spec.hostAliases[0].ip: "localhost" is no IP address
      restartPolicy: Never  | hostAliases: [{hostnames: [a]}] | 8: spec.hostAliases[0].ip: is missing
      restartPolicy: Never  | hostAliases: [{ip: "::1", hostnames: [A_b]}] | 8: spec.hostAliases[0].hostnames[0]: "A_b" is no DNS name
      restartPolicy: Never  | hostname: a.b        | 8: spec.hostname: "a.b" is no DNS label
      restartPolicy: Never  | subdomain: a.b       | 8: spec.subdomain: "a.b" is no DNS label
      restartPolicy: Never  | `hostnameOverride: a.b\n  setHostnameAsFQDN: true` | 8: spec.hostnameOverride: cannot go with setHostnameAsFQDN
      restartPolicy: Never  | `hostnameOverride: a.b\n  hostNetwork: true` | 8: spec.hostnameOverride: cannot go with hostNetwork
      restartPolicy: Never  | resources: {limits: {ephemeral-storage: 1Gi}} | 8: spec.resources: "ephemeral-storage" cannot be given for a whole pod
      {name: data, mountPath: /data} | {name: date, mountPath: /data} | 21: spec.containers[0].volumeMounts[0].name: spec.volumes has no volume "date"; it has data
      /data                 | "/da:ta"             | 21: spec.containers[0].volumeMounts[0].mountPath: must not hold ":"
      /data                 | /data, subPath: ../x | 21: spec.containers[0].volumeMounts[0].subPath: must be a relative path
      /srv                  | /srv/..              | 26: spec.volumes[0].hostPath.path: must not hold ".."
      type: Directory       | type: Dir            | 26: spec.volumes[0].hostPath.type: "Dir" is not supported
      `path: /srv, type`    | type                 | 26: spec.volumes[0].hostPath.path: is missing
      `hostPath: {path: /srv, type: Directory}` | `hostPath: {path: /srv}\n    emptyDir: {}` | 25: spec.volumes[0]: has more than one source
      """)
  void oneMistake(String good, String bad, String expected) throws Exception {
    Folder folder = new Folder(directory);
    folder.write("good.yaml", Folder.pod("neighbour", "x"));
    String text = GOOD.replaceFirst(java.util.regex.Pattern.quote(good),
        java.util.regex.Matcher.quoteReplacement(bad.replace("\\n", "\n")));
    assertTrue(!text.equals(GOOD), "the manifest holds no " + good);
    // a good pod before and one behind, in the same file
    folder.write("web.yaml", "# written by a test\n" + text + "---\n" + Folder.pod("behind", "x"));
    String problems = folder.problems();
    assertTrue(problems.startsWith("web.yaml:" + expected), "expected\n" + expected + "\nbut it is\n" + problems);
    assertEquals(1, problems.lines().count(), problems);
    assertEquals(List.of("neighbour", "behind"), folder.names());
  }

  @Test
  void allMistakesOfAPodAreTold() throws Exception {
    Folder folder = new Folder(directory);
    folder.write("web.yaml", GOOD.replace("restartPolicy", "restart").replace("[one, two]", "no").replace("red", "1"));
    assertEquals("""
        web.yaml:7: spec.restart: unknown field; remove it
        web.yaml:12: spec.containers[0].args: is the text "no", must be a list; begin each element with "- "
        web.yaml:15: spec.containers[0].env[0].value: is the number 1, must be text; put it in quotes
        """, folder.problems());
  }

  @Test
  void listsTellTheItem() throws Exception {
    Folder folder = new Folder(directory);
    folder.write("list.json", """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, \
          "spec": {"containers": [{"name": "c", "image": "x"}]}},
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}, "spec": {"containers": []}},
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "c"}},
          7
        ]}
        """);
    assertEquals(List.of("a"), folder.names());
    assertEquals("""
        list.json:3: items[1].spec.containers: is missing or empty; a pod needs at least one \
        container with name and image
        list.json:4: items[2].kind: unknown kind "Service"; manifests hold Pod, ConfigMap, Secret and lists of them
        list.json:5: items[3]: is the number 7, must be a Pod
        """, folder.problems());
  }

  @Test
  void oneNameOnePod() throws Exception {
    Folder folder = new Folder(directory);
    folder.write("b.yaml", Folder.pod("web", "first") + "---\n" + Folder.pod("web", "second"));
    assertEquals("b.yaml:8: metadata.name: a second pod default/web, the first is in line 1; give it another name\n",
        folder.problems());
    // the pod that is there already keeps its name, whatever the order of the files
    folder.write("a.yaml", Folder.pod("web", "third"));
    assertTrue(folder.problems().startsWith("a.yaml:1: metadata.name: default/web is a pod of b.yaml already"),
        folder.problems());
    assertEquals("first", folder.scan().pods().getFirst().getSpec().getContainers().getFirst().getImage());
    java.nio.file.Files.delete(directory.resolve("b.yaml"));
    assertEquals("third", folder.scan().pods().getFirst().getSpec().getContainers().getFirst().getImage());
    assertEquals("", folder.problems());
  }
}
