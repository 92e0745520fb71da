(module
  (memory 1 1 shared)
  (func (export "f") (result i32)
    (atomic.fence)
    (i32.atomic.store (i32.const 8) (i32.const 40))
    (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 2)))
    (i32.atomic.load (i32.const 8))))
