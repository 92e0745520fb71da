package io.bundlet.wasm.engine.wasmtime;

import java.util.Set;

/** The functions of WASI preview 1 that wasmtime brings. */
final class WasiNames {
  static final String PREVIEW1 = "wasi_snapshot_preview1";
  static final String PREVIEW0 = "wasi_unstable";
  static final String POLL = "poll_oneoff";
  static final String OPEN = "path_open";
  static final String RENUMBER = "fd_renumber";

  static final Set<String> FUNCTIONS = Set.of(
      "args_get", "args_sizes_get", "clock_res_get", "clock_time_get", "environ_get", "environ_sizes_get",
      "fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags",
      "fd_fdstat_set_rights", "fd_filestat_get", "fd_filestat_set_size", "fd_filestat_set_times", "fd_pread",
      "fd_prestat_dir_name", "fd_prestat_get", "fd_pwrite", "fd_read", "fd_readdir", RENUMBER, "fd_seek",
      "fd_sync", "fd_tell", "fd_write", "path_create_directory", "path_filestat_get", "path_filestat_set_times",
      "path_link", OPEN, "path_readlink", "path_remove_directory", "path_rename", "path_symlink",
      "path_unlink_file", POLL, "proc_exit", "proc_raise", "random_get", "sched_yield", "sock_accept", "sock_recv",
      "sock_send", "sock_shutdown");

  private WasiNames() {}
}
