;; Renumbers its descriptors, and sleeps.
(module
  (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  ;; A relative time of the monotonic clock: an hour.
  (data (i32.const 16) "\01")
  (func (export "renumber") (param $from i32) (param $to i32) (result i32)
    (call $renumber (local.get $from) (local.get $to)))
  (func (export "close") (param $descriptor i32) (result i32)
    (call $close (local.get $descriptor)))
  (func (export "sleep") (result i32)
    (i64.store (i32.const 24) (i64.const 3600000000000))
    (call $poll (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))))
