package io.bundlet.shell;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code bundlet shell} on a unix socket, a virtual thread per request. */
@Component(service = {}, configurationPid = "io.bundlet.shell", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ShellServer.Settings.class)
public final class ShellServer {
  static final int MAX_CONNECTIONS = 16;
  private static final Logger LOG = LoggerFactory.getLogger(ShellServer.class);

  @ObjectClassDefinition(name = "Bundlet Shell")
  @interface Settings {
    @AttributeDefinition(description = "The socket's file; its directory must belong to the node alone.")
    String socket();
  }

  private final CommandProcessor processor;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private volatile Listener listener;

  @Activate
  public ShellServer(@Reference CommandProcessor processor, Settings settings) {
    this.processor = processor;
    listener = new Listener(Path.of(settings.socket()));
    listener.start();
  }

  @Modified
  void modified(Settings settings) {
    Path socket = Path.of(settings.socket());
    if (!socket.equals(listener.socket)) {
      listener.close();
      listener = new Listener(socket);
      listener.start();
    }
  }

  @Deactivate
  void deactivate() {
    listener.close();
    open.forEach(ShellServer::closeQuietly);
  }

  private static void closeQuietly(AutoCloseable channel) {
    try {
      channel.close();
    } catch (Exception e) {
      LOG.debug("closing", e);
    }
  }

  /** The thread that accepts on one socket. */
  private final class Listener {
    private final Path socket;
    private final Semaphore free = new Semaphore(MAX_CONNECTIONS);
    private volatile ServerSocketChannel server;
    private volatile boolean closed;
    private Thread thread;

    Listener(Path socket) {
      this.socket = socket;
    }

    void start() {
      thread = Thread.ofVirtual().name("shell-socket").start(this::accept);
    }

    void close() {
      closed = true;
      if (server != null) {
        closeQuietly(server);
      }
      thread.interrupt();
      try {
        if (thread.join(java.time.Duration.ofSeconds(5))) {
          Files.deleteIfExists(socket);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        LOG.warn("The shell's socket {} could not be removed: {}", socket, e.getMessage());
      }
    }

    private void accept() {
      try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server = channel;
        // The launcher has made the directory for its owner alone, so nobody gets in before the file's mode is set.
        Files.deleteIfExists(socket);
        channel.bind(UnixDomainSocketAddress.of(socket), MAX_CONNECTIONS);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        while (!closed) {
          free.acquire();
          SocketChannel connection = channel.accept();
          open.add(connection);
          Thread.ofVirtual().name("shell-request").start(() -> {
            try (connection) {
              new ShellRequest(processor, connection).serve();
            } catch (IOException e) {
              LOG.debug("A shell client went away", e);
            } finally {
              open.remove(connection);
              free.release();
            }
          });
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        if (!closed) {
          LOG.warn("There is no shell on {}: {}. Everything else goes on.", socket, e.getMessage());
        }
      }
    }
  }
}
