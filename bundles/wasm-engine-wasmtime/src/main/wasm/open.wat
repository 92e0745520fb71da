;; The path_open that guests get. Native WASI opens whatever there is below a directory and waits in native code, where
;; nothing can end it, until somebody opens the other end of a FIFO; and reading one, or a device, may wait for ever. So
;; we look first, and what is neither a file nor a directory is not opened: EACCES (2). What cannot be looked at cannot
;; be opened either, unless it is not there (ENOENT, 44), when it may be about to be made.
;;
;; Somebody on the host who exchanges a file for a FIFO between the look and the opening can make a guest wait: it is
;; then abandoned when it is stopped. No guest can make a FIFO.
;;
;; The look is written into the guest's own memory, as native WASI knows no other, beside the path; what was there is put
;; back before the guest goes on.
(module
  (import "bundlet:wasi" "memory" (memory 0))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $look (param i32 i32 i32 i32 i32) (result i32)))
  (export "memory" (memory 0))

  ;; What path_filestat_get writes.
  (global $filestat i32 (i32.const 64))
  (global $type i32 (i32.const 16))
  ;; The longest path of Linux, without its end.
  (global $longest i32 (i32.const 4095))

  (func (export "path_open")
    (param $directory i32) (param $lookup i32) (param $path i32) (param $length i32) (param $how i32)
    (param $base i64) (param $inheriting i64) (param $flags i32) (param $opened i32) (result i32)
    (local $at i32) (local $found i32) (local $kind i32)
    (local $a i64) (local $b i64) (local $c i64) (local $d i64)
    (local $e i64) (local $f i64) (local $g i64) (local $h i64)
    (if (i32.gt_u (local.get $length) (global.get $longest))
      (then (return (i32.const 37))))
    ;; A path that is not in the memory is native WASI's to refuse; there is room beside any other in the smallest memory.
    (if (i64.gt_u
          (i64.add (i64.extend_i32_u (local.get $path)) (i64.extend_i32_u (local.get $length)))
          (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))
      (then (return (call $open
        (local.get $directory) (local.get $lookup) (local.get $path) (local.get $length) (local.get $how)
        (local.get $base) (local.get $inheriting) (local.get $flags) (local.get $opened)))))
    (if (i32.eqz (memory.size))
      (then (return (i32.const 21))))
    (if (i32.lt_u (local.get $path) (global.get $filestat))
      (then
        (local.set $at
          (i32.and
            (i32.add (i32.add (local.get $path) (local.get $length)) (i32.const 7))
            (i32.const -8)))))
    (local.set $a (i64.load (local.get $at)))
    (local.set $b (i64.load offset=8 (local.get $at)))
    (local.set $c (i64.load offset=16 (local.get $at)))
    (local.set $d (i64.load offset=24 (local.get $at)))
    (local.set $e (i64.load offset=32 (local.get $at)))
    (local.set $f (i64.load offset=40 (local.get $at)))
    (local.set $g (i64.load offset=48 (local.get $at)))
    (local.set $h (i64.load offset=56 (local.get $at)))
    (local.set $found (call $look
      (local.get $directory) (local.get $lookup) (local.get $path) (local.get $length) (local.get $at)))
    (local.set $kind (i32.load8_u (i32.add (local.get $at) (global.get $type))))
    (i64.store (local.get $at) (local.get $a))
    (i64.store offset=8 (local.get $at) (local.get $b))
    (i64.store offset=16 (local.get $at) (local.get $c))
    (i64.store offset=24 (local.get $at) (local.get $d))
    (i64.store offset=32 (local.get $at) (local.get $e))
    (i64.store offset=40 (local.get $at) (local.get $f))
    (i64.store offset=48 (local.get $at) (local.get $g))
    (i64.store offset=56 (local.get $at) (local.get $h))
    (if (i32.and (i32.ne (local.get $found) (i32.const 0)) (i32.ne (local.get $found) (i32.const 44)))
      (then (return (local.get $found))))
    ;; A directory (3), a file (4), or a link that is not to be followed (7), which native WASI refuses.
    (if (i32.and
          (i32.eqz (local.get $found))
          (i32.and
            (i32.ne (local.get $kind) (i32.const 7))
            (i32.gt_u (i32.sub (local.get $kind) (i32.const 3)) (i32.const 1))))
      (then (return (i32.const 2))))
    (call $open
      (local.get $directory) (local.get $lookup) (local.get $path) (local.get $length) (local.get $how)
      (local.get $base) (local.get $inheriting) (local.get $flags) (local.get $opened))))
