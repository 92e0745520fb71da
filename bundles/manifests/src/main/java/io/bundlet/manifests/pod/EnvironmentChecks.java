package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an API server would refuse in a container's environment; of names of variables the rule of 1.32 counts. */
final class EnvironmentChecks {
  private static final Pattern NAME = Pattern.compile("[ -<>-~]+");
  private static final Pattern KEY = Pattern.compile("(?!\\.\\.?$|\\.\\.)[-._a-zA-Z0-9]{1,253}");
  private static final Pattern ENTRY = Pattern.compile("metadata\\.(?:labels|annotations)\\['(.*)']");
  private static final List<String> FIELDS = List.of("metadata.name", "metadata.namespace", "metadata.uid",
      "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs");
  private static final Pattern RESOURCE =
      Pattern.compile("(limits|requests)\\.(cpu|memory|ephemeral-storage|hugepages-.+)");
  private static final Set<String> OF_CPU = Set.of("1m", "1");
  private static final Set<String> OF_BYTES =
      Set.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");

  private final Findings findings;

  EnvironmentChecks(Findings findings) {
    this.findings = findings;
  }

  /** Checks {@code env}. @param path of the container */
  void variables(List<EnvVar> env, String path) {
    for (int i = 0; i < env.size(); i++) {
      EnvVar variable = env.get(i);
      String at = path + ".env[" + i + "]";
      if (Names.present(variable.getName(), at + ".name", "COLOUR", findings)) {
        name(variable.getName(), at + ".name", "is no name of a variable");
      }
      if (variable.getValueFrom() != null) {
        if (variable.getValue() != null && !variable.getValue().isEmpty()) {
          findings.add(at, "has value and valueFrom; remove one");
        } else {
          source(variable.getValueFrom(), at + ".valueFrom");
        }
      }
    }
  }

  private void name(String name, String path, String what) {
    if (!NAME.matcher(name).matches()) {
      findings.add(path, Names.shown(name) + " " + what + "; use printable ASCII characters other than \"=\"");
    }
  }

  private void source(EnvVarSource from, String at) {
    long sources = Stream.of(from.getFieldRef(), from.getResourceFieldRef(), from.getConfigMapKeyRef(),
        from.getSecretKeyRef(), from.getFileKeyRef()).filter(source -> source != null).count();
    if (sources != 1) {
      findings.add(at, (sources == 0 ? "has no source" : "has more than one source")
          + "; write one of fieldRef, resourceFieldRef, configMapKeyRef and secretKeyRef");
    } else if (from.getFieldRef() != null) {
      field(from.getFieldRef(), at + ".fieldRef");
    } else if (from.getResourceFieldRef() != null) {
      resource(from.getResourceFieldRef(), at + ".resourceFieldRef");
    } else if (from.getConfigMapKeyRef() != null) {
      key(from.getConfigMapKeyRef().getName(), from.getConfigMapKeyRef().getKey(), at + ".configMapKeyRef");
    } else if (from.getSecretKeyRef() != null) {
      key(from.getSecretKeyRef().getName(), from.getSecretKeyRef().getKey(), at + ".secretKeyRef");
    }
  }

  private void field(ObjectFieldSelector field, String at) {
    Names.oneOf(field.getApiVersion(), List.of("v1"), at + ".apiVersion", findings);
    if (!Names.present(field.getFieldPath(), at + ".fieldPath", "metadata.name", findings)) {
      return;
    }
    Matcher entry = ENTRY.matcher(field.getFieldPath());
    if (entry.matches()) {
      Names.qualified(List.of(entry.group(1)), at + ".fieldPath", findings);
    } else if (!FIELDS.contains(field.getFieldPath())) {
      findings.add(at + ".fieldPath", Names.shown(field.getFieldPath()) + " is not supported; use "
          + String.join(", ", FIELDS) + ", metadata.labels['KEY'] or metadata.annotations['KEY']");
    }
  }

  private void resource(ResourceFieldSelector wanted, String at) {
    if (!Names.present(wanted.getResource(), at + ".resource", "limits.memory", findings)) {
      return;
    }
    Matcher resource = RESOURCE.matcher(wanted.getResource());
    if (!resource.matches()) {
      findings.add(at + ".resource", Names.shown(wanted.getResource())
          + " is not supported; use limits or requests of cpu, memory, ephemeral-storage or hugepages-SIZE");
      return;
    }
    Quantity divisor = wanted.getDivisor();
    Set<String> known = resource.group(2).equals("cpu") ? OF_CPU : OF_BYTES;
    if (divisor != null && !divisor.toString().equals("0") && !known.contains(divisor.toString())) {
      findings.add(at + ".divisor", Names.shown(divisor.toString()) + " is not supported; use "
          + String.join(", ", known.stream().sorted().toList()));
    }
  }

  private void key(String name, String key, String at) {
    object(name, at);
    if (Names.present(key, at + ".key", "colour", findings) && !KEY.matcher(key).matches()) {
      findings.add(at + ".key", Names.shown(key)
          + " is no key; use at most 253 letters, digits, \"-\", \"_\" and \".\", not beginning with \"..\"");
    }
  }

  private void object(String name, String at) {
    if (Names.present(name, at + ".name", "settings", findings)) {
      Names.subdomain(name, at + ".name", findings);
    }
  }

  /** Checks {@code envFrom}. @param path of the container */
  void sources(List<EnvFromSource> sources, String path) {
    for (int i = 0; i < sources.size(); i++) {
      EnvFromSource from = sources.get(i);
      String at = path + ".envFrom[" + i + "]";
      if (from.getPrefix() != null && !from.getPrefix().isEmpty()) {
        name(from.getPrefix(), at + ".prefix", "cannot begin the name of a variable");
      }
      if (from.getConfigMapRef() != null && from.getSecretRef() != null) {
        findings.add(at, "has more than one source; make an element of each");
      } else if (from.getConfigMapRef() != null) {
        object(from.getConfigMapRef().getName(), at + ".configMapRef");
      } else if (from.getSecretRef() != null) {
        object(from.getSecretRef().getName(), at + ".secretRef");
      } else {
        findings.add(at, "has no source; write configMapRef or secretRef");
      }
    }
  }
}
