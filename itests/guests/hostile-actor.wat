;; An actor that does what its line begins with: e echo, m grow memory, t grow its table, r recursion, s spin, u unreachable,
;; o grow memory and then unreachable.
;; To m and t it answers "done" when it may not grow any further.
(module
  (import "wapc" "__guest_request" (func $request (param i32 i32)))
  (import "wapc" "__guest_response" (func $response (param i32 i32)))
  (memory (export "memory") 1)
  (table $t 1 funcref)
  (data (i32.const 16) "done")
  (func $deeper (param $n i64) (result i64)
    (i64.add (local.get $n) (call $deeper (i64.add (local.get $n) (i64.const 1)))))
  (func (export "__guest_call") (param $operation i32) (param $length i32) (result i32)
    (local $what i32)
    (call $request (i32.const 1024) (i32.const 2048))
    (local.set $what (i32.load8_u (i32.const 2048)))
    (if (i32.eq (local.get $what) (i32.const 0x65))
      (then (call $response (i32.const 2048) (local.get $length)) (return (i32.const 1))))
    (if (i32.or (i32.eq (local.get $what) (i32.const 0x6d)) (i32.eq (local.get $what) (i32.const 0x6f)))
      (then
        (loop $more
          (if (i32.ne (memory.grow (i32.const 16)) (i32.const -1))
            (then
              (i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 1))
              (br $more))))))
    (if (i32.eq (local.get $what) (i32.const 0x6f))
      (then unreachable))
    (if (i32.eq (local.get $what) (i32.const 0x74))
      (then
        (loop $more
          (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 100000)) (i32.const -1))))))
    (if (i32.eq (local.get $what) (i32.const 0x72))
      (then (drop (call $deeper (i64.const 0)))))
    (if (i32.eq (local.get $what) (i32.const 0x73))
      (then (loop $again (br $again))))
    (if (i32.eq (local.get $what) (i32.const 0x75))
      (then unreachable))
    (call $response (i32.const 16) (i32.const 4))
    (i32.const 1)))
