package io.bundlet.sections;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a module asks of who runs it.
 *
 * @param proposals what it uses of them
 * @param imports the names of the modules that it imports from: at most 100, of at most 100 bytes each; there are
 *     no others when it is complete
 * @param complete whether all of it could be read; if not, it may need more, or be broken, which an engine has to say
 */
public record Needs(Set<Proposal> proposals, Set<String> imports, boolean complete) {
  public Needs {
    proposals = Collections.unmodifiableSet(
        proposals.isEmpty() ? EnumSet.noneOf(Proposal.class) : EnumSet.copyOf(proposals));
    imports = Collections.unmodifiableSet(new TreeSet<>(imports));
  }

  /**
   * Reads every section and steps over every instruction. Knows more than {@link ModuleReader} accepts, to say what a
   * module is refused for. Any thread; time in proportion to the module's size.
   *
   * @param bytes the module from position 0 to the limit; the position is neither used nor changed
   * @return something for whatever bytes; not {@link #complete} when they are no core module
   */
  public static Needs of(ByteBuffer bytes) {
    NeedsReader reader = new NeedsReader(bytes.duplicate());
    reader.read();
    return reader.needs();
  }
}
