(module
  (tag $oops (param i32))
  (func (export "f") (result i32)
    (try (result i32)
      (do (throw $oops (i32.const 42)))
      (catch $oops))))
