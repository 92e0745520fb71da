;; A command that calls itself a million times, each call in place of the one before (proposal tail-call).
;; Ends by itself when the depth was reached without a stack; it prints nothing and imports nothing.
(module
  (memory (export "memory") 1)
  (func $down (param i32)
    (if (i32.eqz (local.get 0)) (then (return)))
    (return_call $down (i32.sub (local.get 0) (i32.const 1))))
  (func (export "_start") (call $down (i32.const 1000000))))
