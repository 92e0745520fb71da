(module
  (memory i64 1)
  (data (i64.const 4) "\2a")
  (func (export "f") (result i32) (i32.load8_u (i64.const 4))))
