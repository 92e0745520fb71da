(module
  (func (export "f") (result i32)
    (i32.const 40)
    (block (param i32) (result i32) (i32.const 2) (i32.add))))
