;; Grows its memory by 1 MiB at a time until it may not, writing to each; says how often, and ends by itself.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 100) "grown by MiB: ")
  (func (export "_start") (local $old i32) (local $times i32)
    (block $full
      (loop $more
        (local.set $old (memory.grow (i32.const 16)))
        (br_if $full (i32.eq (local.get $old) (i32.const -1)))
        ;; touch the last byte, so that the memory is really taken
        (i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 1))
        (local.set $times (i32.add (local.get $times) (i32.const 1)))
        (br $more)))
    (call $say (local.get $times)))
  (func $say (param $n i32) (local $at i32)
    (local.set $at (i32.const 130))
    (i32.store8 (local.get $at) (i32.const 10))
    (loop $digit
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $n) (i32.const 10))))
      (local.set $n (i32.div_u (local.get $n) (i32.const 10)))
      (br_if $digit (local.get $n)))
    (i32.store (i32.const 0) (i32.const 100))
    (i32.store (i32.const 4) (i32.const 14))
    (i32.store (i32.const 8) (local.get $at))
    (i32.store (i32.const 12) (i32.sub (i32.const 131) (local.get $at)))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 16)))))
