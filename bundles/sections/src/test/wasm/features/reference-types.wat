(module
  (table $first 1 funcref)
  (table $second 1 externref)
  (func (export "f") (result i32)
    (table.set $second (i32.const 0) (ref.null extern))
    (i32.add (i32.const 41) (ref.is_null (table.get $second (i32.const 0))))))
