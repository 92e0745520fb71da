package io.bundlet.e2e.wasi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What engines are known to lack: {@code lacks.txt}, read. */
record Lacks(List<Lack> all) {
  /**
   * A function that an engine lacks, or has in part.
   *
   * @param words what the probe says of it, to the letter
   * @param seen how a user notices
   */
  record Lack(String engine, String function, String words, String seen) {}

  static Lacks known() throws IOException {
    List<Lack> all = new ArrayList<>();
    try (InputStream in = Lacks.class.getResourceAsStream("lacks.txt");
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.split(" *[|] *");
          all.add(new Lack(parts[0], parts[1], parts[2], parts[3]));
        }
      }
    }
    return new Lacks(all);
  }

  Optional<Lack> of(String engine, String function) {
    return all.stream().filter(each -> each.engine().equals(engine) && each.function().equals(function)).findFirst();
  }
}
