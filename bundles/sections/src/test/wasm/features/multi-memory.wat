(module
  (memory $one 1)
  (memory $two 1)
  (data (memory $two) (i32.const 4) "\2a")
  (func (export "f") (result i32) (i32.load8_u $two (i32.const 4))))
