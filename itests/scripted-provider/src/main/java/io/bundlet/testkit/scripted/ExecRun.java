package io.bundlet.testkit.scripted;

import io.bundlet.api.runtime.Exec;
import io.bundlet.api.runtime.ExecResult;
import io.bundlet.api.runtime.ProviderFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command in a container: each of its words is a step. */
final class ExecRun {
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final Steps steps;
  private final Exec exec;

  ExecRun(Control control, Saved container, Exec exec) {
    this.steps = new Steps(control, container, this::output);
    this.exec = exec;
  }

  private void output(String stream, String text) {
    (stream.equals("stdout") ? stdout : stderr).writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  ExecResult result() throws ProviderFailure {
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    Thread thread = Thread.ofVirtual().name("scripted-exec").start(() -> run(exit));
    try {
      long limit = exec.timeout().isZero() ? Long.MAX_VALUE : exec.timeout().toNanos();
      int code = exit.get(limit, TimeUnit.NANOSECONDS);
      return new ExecResult(code, bytes(stdout), bytes(stderr));
    } catch (TimeoutException over) {
      throw ProviderFailure.of(ProviderFailure.DEADLINE, "the command " + exec.command() + " timed out", over);
    } catch (ExecutionException defect) {
      throw ProviderFailure.of(ProviderFailure.INTERNAL, "a script went wrong: " + defect.getCause(), defect);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw ProviderFailure.outcomeUnknown(ProviderFailure.UNAVAILABLE, "the call was interrupted", interrupt);
    } finally {
      thread.interrupt();
    }
  }

  private void run(CompletableFuture<Integer> exit) {
    try {
      for (String step : exec.command()) {
        OptionalInt code = steps.does(step);
        if (code.isPresent()) {
          exit.complete(code.getAsInt());
          return;
        }
      }
      exit.complete(0);
    } catch (InterruptedException ended) {
      exit.complete(137);
    } catch (RuntimeException defect) {
      exit.completeExceptionally(defect);
    }
  }

  private byte[] bytes(ByteArrayOutputStream stream) {
    byte[] all = stream.toByteArray();
    return Arrays.copyOf(all, Math.min(all.length, exec.outputLimit()));
  }
}
