package io.bundlet.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bundlet.api.admin.Problem;
import io.bundlet.api.runtime.Subscription;
import io.bundlet.kubernetes.PodSourceListener;
import io.fabric8.kubernetes.api.model.Pod;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ManifestsTest {
  @TempDir Path directory;
  private Manifests manifests;

  /** Remembers what it heard. */
  private static final class Heard implements PodSourceListener {
    final BlockingQueue<List<String>> wanted = new LinkedBlockingQueue<>();
    final BlockingQueue<List<Problem>> problems = new LinkedBlockingQueue<>();

    @Override
    public void wanted(List<Pod> pods) {
      wanted.add(pods.stream().map(pod -> pod.getMetadata().getName()).toList());
    }

    @Override
    public void problems(List<Problem> now) {
      problems.add(now);
    }

    List<String> next() throws InterruptedException {
      List<String> next = wanted.poll(30, TimeUnit.SECONDS);
      assertNotNull(next, "nothing was told");
      return next;
    }

    /** Waits until these are wanted; steps between do not matter. */
    void until(List<String> names) throws InterruptedException {
      for (List<String> now = next(); !now.equals(names); now = next()) {
        assertNotNull(now);
      }
    }
  }

  private static Manifests.Config config(Path... paths) {
    return new Manifests.Config() {
      @Override
      public String[] paths() {
        return List.of(paths).stream().map(Path::toString).toArray(String[]::new);
      }

      @Override
      public String node_id() {
        return "id";
      }

      @Override
      public String node_name() {
        return "node-1";
      }

      @Override
      public boolean name_suffix() {
        return false;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return Manifests.Config.class;
      }
    };
  }

  private void rename(String name, String text) throws Exception {
    Path unfinished = Files.writeString(directory.resolve("." + name), text);
    Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String pod(String name) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec: {containers: [{name: c, image: x}]}\n";
  }

  @AfterEach
  void stop() {
    manifests.stop();
  }

  @Test
  void tellsEveryChange() throws Exception {
    rename("a.yaml", pod("a"));
    manifests = new Manifests(config(directory));
    Heard heard = new Heard();
    manifests.subscribe(heard);
    assertEquals(List.of("a"), heard.next());
    rename("b.yaml", pod("b"));
    assertEquals(List.of("a", "b"), heard.next());
    Files.writeString(directory.resolve("c.yaml"), pod("c"));
    heard.until(List.of("a", "b", "c"));
    rename("a.yaml", pod("x"));
    assertEquals(List.of("x", "b", "c"), heard.next());
    Files.delete(directory.resolve("b.yaml"));
    assertEquals(List.of("x", "c"), heard.next());
    assertEquals(List.of(), heard.problems.poll());
  }

  /** Its uid stays. */
  @Test
  void otherAmountsAreAChange() throws Exception {
    String resources = "image: x, resources: {requests: {cpu: %s}}";
    rename("a.yaml", pod("a").replace("image: x", resources.formatted("100m")));
    manifests = new Manifests(config(directory));
    Heard heard = new Heard();
    manifests.subscribe(heard);
    assertEquals(List.of("a"), heard.next());
    rename("a.yaml", pod("a").replace("image: x", resources.formatted("200m")));
    assertEquals(List.of("a"), heard.next());
  }

  @Test
  void everyListenerHearsEverythingFirst() throws Exception {
    rename("a.yaml", pod("a"));
    manifests = new Manifests(config(directory));
    Heard first = new Heard();
    manifests.subscribe(first);
    assertEquals(List.of("a"), first.next());
    Heard second = new Heard();
    Subscription ends = manifests.subscribe(second);
    assertEquals(List.of("a"), second.next());
    assertNull(first.wanted.poll());
    ends.close();
    rename("b.yaml", pod("b"));
    assertEquals(List.of("a", "b"), first.next());
    assertNull(second.wanted.poll());
  }

  @Test
  void aListenerThatFailsHurtsNobody() throws Exception {
    manifests = new Manifests(config(directory));
    manifests.subscribe(new PodSourceListener() {
      @Override
      public void wanted(List<Pod> pods) {
        throw new IllegalStateException("on purpose");
      }

      @Override
      public void problems(List<Problem> problems) {
        throw new IllegalStateException("on purpose");
      }
    });
    Heard heard = new Heard();
    manifests.subscribe(heard);
    assertEquals(List.of(), heard.next());
    rename("a.yaml", pod("a"));
    assertEquals(List.of("a"), heard.next());
  }

  @Test
  void newSettingsAreTakenWhileItRuns() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("b.yaml"), pod("b"));
    rename("a.yaml", pod("a"));
    manifests = new Manifests(config(directory));
    Heard heard = new Heard();
    manifests.subscribe(heard);
    assertEquals(List.of("a"), heard.next());
    manifests.modified(config(other));
    assertEquals(List.of("b"), heard.next());
  }

  @Test
  void problemsComeAndGo() throws Exception {
    manifests = new Manifests(config(directory));
    Heard heard = new Heard();
    manifests.subscribe(heard);
    assertEquals(List.of(), heard.problems.poll(30, TimeUnit.SECONDS));
    rename("a.yaml", "kind: Pod\n");
    assertEquals(1, heard.problems.poll(30, TimeUnit.SECONDS).size());
    Files.delete(directory.resolve("a.yaml"));
    assertEquals(List.of(), heard.problems.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void aDirectoryThatComesLaterIsWatched() throws Exception {
    Path later = directory.resolve("later");
    manifests = new Manifests(config(later));
    Heard heard = new Heard();
    manifests.subscribe(heard);
    assertEquals(List.of(), heard.next());
    Files.createDirectory(later);
    Files.writeString(later.resolve("a.yaml"), pod("a"));
    heard.until(List.of("a"));
  }
}
