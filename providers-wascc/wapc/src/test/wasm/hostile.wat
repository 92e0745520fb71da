;; An actor that hands its host bad numbers. The length of the payload says which: 1, 2, ...
(module
  (import "wapc" "__guest_request" (func $guest_request (param i32 i32)))
  (import "wapc" "__guest_response" (func $guest_response (param i32 i32)))
  (import "wapc" "__guest_error" (func $guest_error (param i32 i32)))
  (import "wapc" "__host_call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wapc" "__host_response_len" (func $host_response_len (result i32)))
  (import "wapc" "__host_response" (func $host_response (param i32)))
  (import "wapc" "__host_error" (func $host_error (param i32)))
  (import "wapc" "__console_log" (func $console_log (param i32 i32)))
  (memory (export "memory") 32)
  (data (i32.const 0) "bundlet:line")
  (data (i32.const 16) "Echo")
  (data (i32.const 32) "\ff\fe\80bad")
  (func (export "__guest_call") (param $name i32) (param $case i32) (result i32)
    ;; 1: a response that reaches beyond the memory
    (if (i32.eq (local.get $case) (i32.const 1))
      (then (call $guest_response (i32.const 2097151) (i32.const 2)) (return (i32.const 1))))
    ;; 2: pointer and length that overflow 32 bits together
    (if (i32.eq (local.get $case) (i32.const 2))
      (then (call $guest_response (i32.const -1) (i32.const -1)) (return (i32.const 1))))
    ;; 3: nothing, at a pointer far outside
    (if (i32.eq (local.get $case) (i32.const 3))
      (then (call $guest_response (i32.const -1) (i32.const 0)) (return (i32.const 1))))
    ;; 4: the request fetched to the end of the memory
    (if (i32.eq (local.get $case) (i32.const 4))
      (then (call $guest_request (i32.const 0) (i32.const 2097150)) (return (i32.const 1))))
    ;; 5: a name of a capability of two gigabytes
    (if (i32.eq (local.get $case) (i32.const 5))
      (then (drop (call $host_call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x7fffffff)
        (i32.const 16) (i32.const 4) (i32.const 0) (i32.const 0))) (return (i32.const 1))))
    ;; 6: a payload of two gigabytes
    (if (i32.eq (local.get $case) (i32.const 6))
      (then (drop (call $host_call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 12)
        (i32.const 16) (i32.const 4) (i32.const 0) (i32.const 0x7fffffff))) (return (i32.const 1))))
    ;; 7: an error that is not UTF-8
    (if (i32.eq (local.get $case) (i32.const 7))
      (then (call $guest_error (i32.const 32) (i32.const 6)) (return (i32.const 0))))
    ;; 8: a failure without a word
    (if (i32.eq (local.get $case) (i32.const 8)) (then (return (i32.const 0))))
    ;; 9: a success without an answer
    (if (i32.eq (local.get $case) (i32.const 9)) (then (return (i32.const 1))))
    ;; 10: an error, then a trap
    (if (i32.eq (local.get $case) (i32.const 10))
      (then (call $guest_error (i32.const 0) (i32.const 12)) (unreachable)))
    ;; 11: a log line of a megabyte, and an empty one at a pointer outside
    (if (i32.eq (local.get $case) (i32.const 11))
      (then
        (call $console_log (i32.const 0) (i32.const 1048576))
        (call $console_log (i32.const -1) (i32.const 0))
        (call $guest_response (i32.const 0) (i32.const 12))
        (return (i32.const 1))))
    ;; 12: host answers fetched that never were
    (if (i32.eq (local.get $case) (i32.const 12))
      (then
        (call $host_response (i32.const -1))
        (call $host_error (i32.const -1))
        (drop (call $host_response_len))
        (call $guest_response (i32.const 0) (i32.const 12))
        (return (i32.const 1))))
    ;; 13: a host answer fetched to outside
    (if (i32.eq (local.get $case) (i32.const 13))
      (then
        (drop (call $host_call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 12)
          (i32.const 16) (i32.const 4) (i32.const 0) (i32.const 12)))
        (call $host_response (i32.const 2097150))
        (return (i32.const 1))))
    (loop $for_ever (br $for_ever))
    (unreachable))
)
