package io.bundlet.e2e.peer;

import java.io.IOException;
import java.util.Map;

/** A kubelet that runs and takes pods from a folder. */
interface Kubelet extends AutoCloseable {
  /** How it is called in the table. */
  String name();

  /** Puts a manifest into its folder. */
  void put(String pod, String yaml) throws IOException;

  /** Takes a manifest away. */
  void withdraw(String pod) throws IOException;

  /** Takes in what has become of the pods. To be called often. */
  void look() throws IOException, InterruptedException;

  /** What the pods' statuses went through so far, by the names of their manifests. */
  Map<String, History> histories();

  /** What has to be known of how that was seen. */
  String remark() throws IOException;

  /** Stops it, and takes away what it leaves on the machine. */
  @Override
  void close() throws IOException;
}
