package io.bundlet.api.objects;

import io.bundlet.api.runtime.ProviderFailure;
import io.bundlet.api.runtime.Subscription;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads the objects that pods refer to. May be called from any thread, several at a time. All calls but {@link #watch}
 * may block; an interrupted one ends within a second with {@link ProviderFailure#UNAVAILABLE}. Reading changes nothing,
 * so that every call may be made again.
 *
 * <p>Who must not miss a change watches first and reads then.
 */
@ProviderType
public interface Objects {
  /**
   * The config map of this name, as it is now.
   *
   * @return empty when there is none, which is known for certain
   * @throws ProviderFailure {@link ProviderFailure#UNAVAILABLE} when it is not known whether there is one;
   *     {@link ProviderFailure#DENIED} when the node may not read it
   */
  Optional<ConfigMapData> configMap(String namespace, String name) throws ProviderFailure;

  /** The secret of this name, as it is now; otherwise like {@link #configMap}. */
  Optional<SecretData> secret(String namespace, String name) throws ProviderFailure;

  /**
   * Has a token issued. Every call may give a new one: who needs it for longer keeps it.
   *
   * @throws ProviderFailure {@link ProviderFailure#UNSUPPORTED} when the pod's source has no service accounts;
   *     {@link ProviderFailure#NOT_FOUND} when there is no such account; {@link ProviderFailure#UNAVAILABLE} when
   *     nobody can be asked now
   */
  Token token(TokenRequest request) throws ProviderFailure;

  /**
   * Has a callback run after each change of the object, also after it came or went; several changes may be told as one,
   * and it may be run although nothing has changed. Returns at once. The callback never blocks, is run by a thread of
   * the source, and says nothing of what the object is now: read it.
   */
  Subscription watch(ObjectKey key, Runnable changed);
}
