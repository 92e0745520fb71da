(module
  (func (export "f") (result i32)
    (i32.add (i32.trunc_sat_f64_s (f64.const 42.5)) (i32.trunc_sat_f32_u (f32.const nan)))))
