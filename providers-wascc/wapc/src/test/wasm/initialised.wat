;; An actor that answers with the order in which its initialisers ran.
(module
  (import "wapc" "__guest_response" (func $guest_response (param i32 i32)))
  (memory (export "memory") 1)
  (global $at (mut i32) (i32.const 0))
  (func $note (param i32)
    (i32.store8 (global.get $at) (local.get 0))
    (global.set $at (i32.add (global.get $at) (i32.const 1))))
  (func (export "wapc_init") (call $note (i32.const 105)))
  (func (export "_start") (call $note (i32.const 115)))
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $guest_response (i32.const 0) (global.get $at))
    (i32.const 1))
)
