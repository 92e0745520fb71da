(module (func $begin unreachable) (start $begin) (func (export "one") (result i32) (i32.const 1)))
