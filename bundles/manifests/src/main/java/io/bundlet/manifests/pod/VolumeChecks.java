package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What an API server would refuse in a pod's volumes. */
final class VolumeChecks {
  private static final List<String> HOST_PATH_TYPES =
      List.of("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File",
      "Socket", "CharDevice", "BlockDevice");

  private final Findings findings;

  VolumeChecks(Findings findings) {
    this.findings = findings;
  }

  /**
   * Checks the volumes.
   *
   * @param severalSources paths of volumes with more than one source
   * @return the names of all volumes
   */
  Set<String> check(List<Volume> volumes, Set<String> severalSources) {
    Names.Unique unique = new Names.Unique("volume named", findings);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < volumes.size(); i++) {
      Volume volume = volumes.get(i);
      String at = "spec.volumes[" + i + "]";
      if (Names.present(volume.getName(), at + ".name", "data", findings)) {
        Names.label(volume.getName(), at + ".name", findings);
        unique.add(volume.getName(), at + ".name");
        names.add(volume.getName());
      }
      if (severalSources.contains(at)) {
        findings.add(at, "has more than one source; make a volume of each");
      }
      if (volume.getHostPath() != null) {
        hostPath(volume.getHostPath(), at + ".hostPath");
      }
      if (volume.getConfigMap() != null) {
        Names.present(volume.getConfigMap().getName(), at + ".configMap.name", "settings", findings);
        Names.between(volume.getConfigMap().getDefaultMode(), 0, 0777, at + ".configMap.defaultMode", findings);
        items(volume.getConfigMap().getItems(), at + ".configMap");
      }
      if (volume.getSecret() != null) {
        Names.present(volume.getSecret().getSecretName(), at + ".secret.secretName", "credentials", findings);
        Names.between(volume.getSecret().getDefaultMode(), 0, 0777, at + ".secret.defaultMode", findings);
        items(volume.getSecret().getItems(), at + ".secret");
      }
    }
    return names;
  }

  private void items(List<KeyToPath> items, String at) {
    for (int i = 0; i < items.size(); i++) {
      String item = at + ".items[" + i + "]";
      Names.present(items.get(i).getKey(), item + ".key", "app.properties", findings);
      Names.between(items.get(i).getMode(), 0, 0777, item + ".mode", findings);
      if (Names.present(items.get(i).getPath(), item + ".path", "app.properties", findings)
          && (items.get(i).getPath().startsWith("/") || items.get(i).getPath().startsWith("..")
              || ContainerChecks.climbs(items.get(i).getPath()))) {
        findings.add(item + ".path", "must be a relative path that does not begin with \"..\"");
      }
    }
  }

  private void hostPath(HostPathVolumeSource source, String at) {
    if (Names.present(source.getPath(), at + ".path", "/srv/data", findings)) {
      if (ContainerChecks.climbs(source.getPath())) {
        findings.add(at + ".path", "must not hold \"..\"; write the path out");
      }
      if (source.getPath().indexOf('\0') >= 0) {
        findings.add(at + ".path", "must not hold a zero character");
      }
    }
    Names.oneOf(source.getType(), HOST_PATH_TYPES, at + ".type", findings);
  }
}
