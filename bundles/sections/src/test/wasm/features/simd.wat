(module
  (memory 1)
  (func (export "f") (result i32)
    (v128.store (i32.const 0) (i32x4.splat (i32.const 21)))
    (i32x4.extract_lane 3 (i32x4.add (v128.load (i32.const 0)) (v128.const i32x4 21 21 21 21)))))
