package io.bundlet.manifests.pod;

import io.bundlet.manifests.model.Findings;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
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
    }
    return names;
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
