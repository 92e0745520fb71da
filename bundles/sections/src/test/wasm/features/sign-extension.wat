(module
  (func (export "f") (result i32) (i32.sub (i32.const 41) (i32.extend8_s (i32.const 0xff)))))
