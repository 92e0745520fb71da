;; A module whose memory comes from elsewhere.
(module
  (import "env" "memory" (memory 1 10))
  (func (export "size") (result i32) (memory.size)))
