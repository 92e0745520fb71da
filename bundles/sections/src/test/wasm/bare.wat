;; A memory, and no import and no export.
(module
  (memory 1)
  (func $begin (i32.store (i32.const 0) (i32.const 1)))
  (start $begin))
