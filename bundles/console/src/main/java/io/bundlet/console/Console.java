package io.bundlet.console;

import io.bundlet.api.admin.NodeAdmin;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The console of {@code bundlet run}; there is none where it is not configured. */
@Component(
    service = {},
    configurationPid = "io.bundlet.console",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Console.Settings.class)
public final class Console {
  @ObjectClassDefinition(name = "Bundlet Console")
  @interface Settings {
    @AttributeDefinition(description = "plain: lines; table: a table of pods under the lines; table-color: in colors.")
    String mode() default "plain";

    @AttributeDefinition(description = "The terminal's width.")
    int columns() default 80;

    @AttributeDefinition(description = "Seconds that pods get at most to end after Ctrl-C.")
    int grace() default 30;
  }

  private final ConsoleLoop loop;

  /**
   * @param interrupt completed by the launcher when somebody wants the node to end in good order
   * @param exit to be completed with the process' exit code
   */
  @Activate
  public Console(
      @Reference(target = "(bundlet.launcher=interrupt)") CompletableFuture<String> interrupt,
      @Reference(target = "(bundlet.launcher=exit)") CompletableFuture<Integer> exit,
      Settings settings) {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    Screen screen = settings.mode().startsWith("table")
        ? new TableScreen(out, settings.columns(), settings.mode().endsWith("color"))
        : new PlainScreen(out, err);
    loop = new ConsoleLoop(screen, interrupt, exit, settings.grace());
    loop.start();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindNode(NodeAdmin node) {
    loop.bind(node);
  }

  void unbindNode(NodeAdmin node) {
    loop.unbind(node);
  }

  @Modified
  void modified(Settings settings) {
    // How it looks is decided once, by the terminal that the node was started from.
    loop.grace(settings.grace());
  }

  @Deactivate
  void deactivate() {
    loop.close();
  }
}
