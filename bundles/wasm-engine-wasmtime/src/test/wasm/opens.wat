;; Opens a path that lies where the test has put it; gives the errno. The descriptor goes to 30000.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_rights" (func $rights (param i32 i64 i64) (result i32)))
  (memory (export "memory") 1 1)
  (func (export "open") (param $path i32) (param $length i32) (param $lookup i32) (param $how i32) (result i32)
    (call $open
      (i32.const 3) (local.get $lookup) (local.get $path) (local.get $length) (local.get $how)
      (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 30000)))
  ;; Gives up all rights to the directory but that to open in it.
  (func (export "renounce") (result i32)
    (call $rights (i32.const 3) (i64.const 0x2000) (i64.const 0x42))))
