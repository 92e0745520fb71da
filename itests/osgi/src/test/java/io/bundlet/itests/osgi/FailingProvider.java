package io.bundlet.itests.osgi;

/** A provider whose component cannot be activated. */
public final class FailingProvider extends VendorProvider {
  static final String REASON = "the vendor's licence has run out";

  public FailingProvider() {
    throw new IllegalStateException(REASON);
  }
}
