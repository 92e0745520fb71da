(module
  (memory 1)
  (data $passive "\2a")
  (func (export "f") (result i32)
    (memory.init $passive (i32.const 8) (i32.const 0) (i32.const 1))
    (memory.copy (i32.const 16) (i32.const 8) (i32.const 1))
    (memory.fill (i32.const 8) (i32.const 0) (i32.const 1))
    (data.drop $passive)
    (i32.load8_u (i32.const 16))))
