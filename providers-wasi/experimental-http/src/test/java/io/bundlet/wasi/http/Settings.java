package io.bundlet.wasi.http;

import java.lang.annotation.Annotation;

/** A configuration of the module. */
record Settings(int time_limit_seconds, int body_bytes, long open_bytes, long all_open_bytes, int open_responses)
    implements HttpModule.Config {
  static final Settings USUAL = new Settings(120, 16 << 20, 32 << 20, 64);

  /** With as much for all guests together as anybody could want. */
  Settings(int time_limit_seconds, int body_bytes, long open_bytes, int open_responses) {
    this(time_limit_seconds, body_bytes, open_bytes, 128 << 20, open_responses);
  }


  @Override
  public Class<? extends Annotation> annotationType() {
    return HttpModule.Config.class;
  }
}
