// Calls every function of WASI, with right and with wrong use, and says of each in a line whether it did what it is to
// do. Arguments: TOKEN COMMAND CODE; commands: all (but for the two that end a guest; then ends with CODE), raise.
#include "probes.h"

static void run(const probe *all) {
  for (; all->name; all++) {
    begin(all->name);
    all->tries();
    finish();
  }
}

__attribute__((export_name("_start"))) void start(void) {
  kit_begin();
  if (equal(argument(2), "raise")) {
    begin("proc_raise");
    expect_bad("no such signal", INVAL, proc_raise(200));
    // a child has ended: by default nobody minds
    expect("a signal to be ignored", SUCCESS, proc_raise(16));
    finish();
    // the guest is to end by itself
    proc_raise((u32)number(argument(3)));
    say(token);
    say(" proc_raise returned");
    end();
    return;
  }
  run(surroundings);
  run(contents);
  run(descriptors);
  run(paths);
  proc_exit((u32)number(argument(3)));
  say(token);
  say(" proc_exit returned");
  end();
}
