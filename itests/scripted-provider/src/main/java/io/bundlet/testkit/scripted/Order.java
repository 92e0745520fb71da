package io.bundlet.testkit.scripted;

import io.bundlet.api.runtime.ProviderFailure;
import java.util.Arrays;
import java.util.List;

/**
 * How a call goes: {@code fail KIND[/REASON] [until FLAG] [TEXT]}, {@code hang [until FLAG]}, {@code slow MILLIS}, or
 * {@code unknown}: it is carried out, but what answers is a failure that does not say so.
 */
final class Order {
  private final Control control;
  private final List<String> words;

  Order(Control control, String text) {
    this.control = control;
    this.words = text.isBlank() ? List.of() : Arrays.asList(text.strip().split(" +"));
  }

  private String word(int index) {
    return index < words.size() ? words.get(index) : "";
  }

  /** The flag after {@code until}; empty: there is none. */
  private String flag(int index) {
    return word(index).equals("until") ? word(index + 1) : "";
  }

  private boolean over(String flag) {
    return !flag.isEmpty() && control.set(flag);
  }

  /** To be called before the call is carried out. */
  void before() throws ProviderFailure {
    try {
      switch (word(0)) {
        case "fail" -> fail();
        case "slow" -> Control.sleep(Long.parseLong(word(1)));
        case "hang" -> {
          while (!over(flag(1))) {
            Control.sleep(10);
          }
        }
        default -> { }
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "the call was interrupted", interrupt);
    }
  }

  private void fail() throws ProviderFailure {
    String flag = flag(2);
    if (over(flag)) {
      return;
    }
    String[] kind = word(1).split("/");
    List<String> text = words.subList(Math.min(words.size(), flag.isEmpty() ? 2 : 4), words.size());
    ProviderFailure failure = ProviderFailure.of(kind[0], text.isEmpty() ? "as scripted" : String.join(" ", text));
    throw kind.length > 1 ? failure.withReason(kind[1]) : failure;
  }

  /** To be called after it was carried out. */
  void after() throws ProviderFailure {
    if (word(0).equals("unknown")) {
      throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "the answer was lost", null);
    }
  }
}
