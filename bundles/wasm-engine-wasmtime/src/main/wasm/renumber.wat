;; The fd_renumber that guests get. Native WASI lets a guest put any of its descriptors in the bell's place, and one that is
;; never ready, such as a full standard output, or ready in another way, would keep it asleep when the host rings. So the
;; bell is a descriptor that nobody can renumber, from or to: EBADF (8).
;;
;; Native WASI wants a memory of whoever calls it, also where it reads nothing of it.
(module
  (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
  (memory (export "memory") 0 0)

  ;; The descriptor that poll.wat knows.
  (global $bell i32 (i32.const 0x40000000))

  (func (export "fd_renumber") (param $from i32) (param $to i32) (result i32)
    (if (i32.or
          (i32.eq (local.get $from) (global.get $bell))
          (i32.eq (local.get $to) (global.get $bell)))
      (then (return (i32.const 8))))
    (call $renumber (local.get $from) (local.get $to))))
