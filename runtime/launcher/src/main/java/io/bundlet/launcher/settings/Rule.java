package io.bundlet.launcher.settings;

import io.bundlet.launcher.settings.SettingsFile.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is done about one key of a file. It is there, and has a value. */
interface Rule {
  /** Reads the value and says what follows from it. */
  void read(Value value, Reading reading) throws SettingsFailure;

  /** The largest number that Go's int32 has. */
  long MOST = Integer.MAX_VALUE;
  /** The largest port. */
  long PORTS = 65535;

  /** An object with keys of its own. */
  static Rule object(Map<String, Rule> rules) {
    return (value, reading) -> reading.object(value, rules);
  }

  /** Empty: as if it were not there. */
  static Rule text(String pid, String key) {
    return (value, reading) -> {
      if (!value.text().isEmpty()) {
        reading.set(value, pid, key, value.text());
      }
    };
  }

  /** The same for a file, beside this one if it is relative. */
  static Rule file(String pid, String key) {
    return (value, reading) -> {
      String file = value.file(value.text());
      if (!file.isEmpty()) {
        reading.set(value, pid, key, file);
      }
    };
  }

  /** Zero: as if it were not there. */
  static Rule number(long most, String pid, String key) {
    return (value, reading) -> {
      long number = value.number(0, most);
      if (number != 0) {
        reading.set(value, pid, key, number);
      }
    };
  }

  /** Zero is meant. */
  static Rule numberOrZero(long most, String pid, String key) {
    return (value, reading) -> reading.set(value, pid, key, value.number(0, most));
  }

  static Rule truth(String pid, String key) {
    return (value, reading) -> reading.set(value, pid, key, value.truth());
  }

  /** Whole seconds, rounded up; zero: as if it were not there. */
  static Rule seconds(String pid, String key) {
    return (value, reading) -> {
      Duration duration = value.duration();
      if (!duration.isZero()) {
        reading.set(value, pid, key, duration.plusNanos(999_999_999).toSeconds());
      }
    };
  }

  /** Empty: as if it were not there. */
  static Rule texts(String pid, String key) {
    return (value, reading) -> {
      List<String> texts = value.texts();
      if (!texts.isEmpty()) {
        reading.set(value, pid, key, texts);
      }
    };
  }

  /** An object of texts, each as NAME=TEXT. @param names which there may be; empty: any */
  static Rule pairs(Set<String> names, String pid, String key) {
    return (value, reading) -> {
      List<String> pairs = new ArrayList<>();
      for (Value.Entry entry : value.entries()) {
        if (!names.isEmpty() && !names.contains(entry.name())) {
          reading.warn(entry.value(), "is left out; there are " + String.join(", ", names.stream().sorted().toList()));
        } else {
          pairs.add(entry.name() + "=" + entry.value().text());
        }
      }
      if (!pairs.isEmpty()) {
        reading.set(value, pid, key, pairs);
      }
    };
  }

  /** Another server's or another file's business; it holds without being said. */
  static Rule holds() {
    return (value, reading) -> {};
  }

  /** There is nothing of the kind. @param same what is the same as having nothing of the kind, beside empty and zero */
  static Rule nothing(String... same) {
    return (value, reading) -> {
      if (!value.isEmpty() && !List.of(same).contains(value.written())) {
        reading.without(value);
      }
    };
  }

  /** Holds in one way only. @param only as it is written */
  static Rule only(String only, String otherwise) {
    return (value, reading) -> {
      boolean truth = only.equals("true") || only.equals("false");
      String written = truth ? "" + value.truth() : value.written();
      if (!written.equals(only) && (truth || !value.isEmpty())) {
        reading.warn(value, otherwise);
      }
    };
  }
}
