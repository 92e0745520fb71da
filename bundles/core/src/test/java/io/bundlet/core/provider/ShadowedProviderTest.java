package io.bundlet.core.provider;

import static io.bundlet.core.fake.TestNode.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bundlet.api.runtime.RuntimeProvider;
import io.bundlet.core.fake.ManualTime;
import io.bundlet.core.fake.ScriptedProvider;
import io.bundlet.core.fake.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two providers with the same name: one counts. */
class ShadowedProviderTest {
  @TempDir Path data;
  private final ManualTime time = new ManualTime();
  private final ScriptedProvider first = new ScriptedProvider(time);
  private final ScriptedProvider second = new ScriptedProvider(time);
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = new TestNode(data, time);
    node.bind(first);
    node.want(pod("web", "u1", "Always", "a"));
    node.await("web", view -> view.phase().equals("Running"));
    time.advance(Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private void listTwice(ScriptedProvider provider) {
    for (int more = 0; more < 2; more++) {
      int before = provider.lists.get();
      node.providers.listAgain();
      node.await(() -> provider.lists.get() > before);
    }
  }

  @Test
  void whatAShadowedOneListsMeansNothing() {
    node.bind(second);
    listTwice(second);
    node.want(pod("web", "u1", "Always", "a"), pod("more", "u2", "Always", "b"));
    node.await("more", view -> view.phase().equals("Running"));
    assertEquals(1, first.count("run:web"));
    assertEquals(0, first.count("remove-sandbox"));
    assertEquals(0, second.asked.size(), second.asked.toString());
  }

  @Test
  void itCountsWhenItsTurnComes() {
    node.bind(second);
    listTwice(second);
    node.providers.unbind(first);
    node.await(() -> second.count("start:a") == 1);
    assertEquals(1, first.count("start:a"));
  }

  @Test
  void aHigherRankingTakesThePlace() {
    node.providers.bind(second, Map.of(RuntimeProvider.NAME, "scripted", "service.ranking", 5));
    node.await(() -> second.count("start:a") == 1);
    listTwice(first);
    node.want(pod("web", "u1", "Always", "a"), pod("more", "u2", "Always", "b"));
    node.await("more", view -> view.phase().equals("Running"));
    assertEquals(1, second.count("run:web"));
    assertEquals(1, second.count("run:more"));
  }
}
