;; Asks native WASI to poll, with a memory of its own for the question and the answer.
;; Native WASI reads the memory that its caller exports as "memory". Were that the guest's memory, there would be no room in
;; it for the clock that cuts a wait into slices.
;;
;; Layout: subscriptions (48 bytes each) from 0, events (32 bytes each) from 200000, a time at 399984, the number of
;; events at 399996; at 400000 what the host writes when the guest is to end soon, and at 400008 what it writes when the
;; guest has a bell: anything but 0.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (memory (export "memory") 7 7)
  (func (export "put64") (param $at i32) (param $value i64)
    (i64.store (local.get $at) (local.get $value)))
  (func (export "get64") (param $at i32) (result i64)
    (i64.load (local.get $at)))
  ;; What a clock shows; 0 when there is no such clock.
  (func (export "now") (param $clock i32) (result i64)
    (if (call $time (local.get $clock) (i64.const 1) (i32.const 399984))
      (then (return (i64.const 0))))
    (i64.load (i32.const 399984)))
  ;; Waits for the first $count subscriptions; gives the number of events, or -1 - errno.
  (func (export "poll") (param $count i32) (result i32)
    (local $errno i32)
    (local.set $errno
      (call $poll (i32.const 0) (i32.const 200000) (local.get $count) (i32.const 399996)))
    (if (result i32) (local.get $errno)
      (then (i32.sub (i32.const -1) (local.get $errno)))
      (else (i32.load (i32.const 399996))))))
