(module
  (func $two (result i32 i32) (i32.const 40) (i32.const 2))
  (func (export "f") (result i32) (call $two) (i32.add)))
