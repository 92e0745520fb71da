(module (tag $t) (func (export "throw") (throw $t)))
