;; The poll_oneoff that guests get. It waits in slices, because nothing could end a wait in native code; between two slices
;; the engine's epoch can. The first slice is 20 ms, each further one twice as long, up to 320 ms: a guest that sleeps is
;; to cost nothing, also if there are hundreds. One that is to end soon gets slices of 20 ms again. One that waits for clocks
;; alone is better off: beside the clock it polls its bell, by which the host wakes it at once, and so it sleeps for 10 minutes at
;; a time. Not for longer, because that is how late it would end whose bell failed. One that has closed its bell gets slices, as
;; native WASI then refuses the question at once; none can put something else in the bell's place (renumber.wat).
;; What native WASI refuses, it does: absolute realtime clocks, any relative clock beside descriptors, and a bad descriptor
;; or the empty standard input among good ones, which become events of their own.
;;
;; At most 4096 subscriptions: the poller's memory has room for as many and one more.
(module
  (import "bundlet:wasi" "memory" (memory 0))
  (import "bundlet:poller" "put64" (func $put64 (param i32 i64)))
  (import "bundlet:poller" "get64" (func $get64 (param i32) (result i64)))
  (import "bundlet:poller" "poll" (func $poll (param i32) (result i32)))
  (import "bundlet:poller" "now" (func $now (param i32) (result i64)))

  (global $shortest i64 (i64.const 20000000))
  (global $longest i64 (i64.const 320000000))
  ;; Where the poller's memory says that the guest is to end soon.
  (global $hurry i32 (i32.const 400000))
  ;; Where it says that there is a bell, which is this descriptor; and how long a guest sleeps that has one.
  (global $hung i32 (i32.const 400008))
  (global $bell i32 (i32.const 0x40000000))
  (global $deep i64 (i64.const 600000000000))

  ;; Whether [$at, $at + $length) lies in the guest's memory.
  (func $inside (param $at i32) (param $length i64) (result i32)
    (i64.le_u
      (i64.add (i64.extend_i32_u (local.get $at)) (local.get $length))
      (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16))))

  ;; Nanoseconds until the clock subscription at $at is due, 0 when it is.
  (func $remaining (param $at i32) (param $start i64) (result i64)
    (local $now i64) (local $timeout i64) (local $passed i64)
    (local.set $timeout (i64.load (i32.add (local.get $at) (i32.const 24))))
    (if (i32.and (i32.load16_u (i32.add (local.get $at) (i32.const 40))) (i32.const 1))
      (then
        (local.set $now (call $now (i32.load (i32.add (local.get $at) (i32.const 16)))))
        (return
          (select
            (i64.sub (local.get $timeout) (local.get $now))
            (i64.const 0)
            (i64.gt_u (local.get $timeout) (local.get $now))))))
    (local.set $passed (i64.sub (call $now (i32.const 1)) (local.get $start)))
    (select
      (i64.sub (local.get $timeout) (local.get $passed))
      (i64.const 0)
      (i64.gt_u (local.get $timeout) (local.get $passed))))

  ;; Writes an event of the guest.
  (func $event (param $at i32) (param $user i64) (param $error i32) (param $type i32) (param $flags i32)
    (i64.store (local.get $at) (local.get $user))
    (i64.store (i32.add (local.get $at) (i32.const 8)) (i64.const 0))
    (i32.store16 (i32.add (local.get $at) (i32.const 8)) (local.get $error))
    (i32.store8 (i32.add (local.get $at) (i32.const 10)) (local.get $type))
    (i64.store (i32.add (local.get $at) (i32.const 16)) (i64.const 0))
    (i64.store (i32.add (local.get $at) (i32.const 24)) (i64.extend_i32_u (local.get $flags))))

  ;; Copies the 48 bytes of a guest's subscription to the poller.
  (func $ask (param $to i32) (param $from i32)
    (local $i i32)
    (loop $next
      (call $put64
        (i32.add (local.get $to) (local.get $i))
        (i64.load (i32.add (local.get $from) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 48)))))

  ;; Asks the poller for a relative monotonic clock, which tells itself from a descriptor by its type.
  (func $askClock (param $to i32) (param $wait i64)
    (call $put64 (local.get $to) (i64.const 0))
    (call $put64 (i32.add (local.get $to) (i32.const 8)) (i64.const 0))
    (call $put64 (i32.add (local.get $to) (i32.const 16)) (i64.const 1))
    (call $put64 (i32.add (local.get $to) (i32.const 24)) (local.get $wait))
    (call $put64 (i32.add (local.get $to) (i32.const 32)) (i64.const 0))
    (call $put64 (i32.add (local.get $to) (i32.const 40)) (i64.const 0)))

  ;; Asks the poller for the bell: as something to be read, which it never is.
  (func $askBell (param $to i32)
    (call $put64 (local.get $to) (i64.const 0))
    (call $put64 (i32.add (local.get $to) (i32.const 8)) (i64.const 1))
    (call $put64 (i32.add (local.get $to) (i32.const 16)) (i64.extend_i32_u (global.get $bell)))
    (call $put64 (i32.add (local.get $to) (i32.const 24)) (i64.const 0))
    (call $put64 (i32.add (local.get $to) (i32.const 32)) (i64.const 0))
    (call $put64 (i32.add (local.get $to) (i32.const 40)) (i64.const 0)))

  ;; Whether the answer to the bell and a clock is anything else than the clock alone.
  (func $rang (param $count i32) (result i32)
    (i32.or
      (i32.ne (local.get $count) (i32.const 1))
      (i64.ne (i64.and (call $get64 (i32.const 200008)) (i64.const 0xff0000)) (i64.const 0))))

  ;; Copies the $count events of the poller that are no clock to $out; gives where the next one goes.
  (func $answer (param $out i32) (param $count i32) (result i32)
    (local $from i32) (local $end i32)
    (local.set $from (i32.const 200000))
    (local.set $end (i32.add (local.get $from) (i32.mul (local.get $count) (i32.const 32))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (if (i64.ne
              (i64.and
                (call $get64 (i32.add (local.get $from) (i32.const 8)))
                (i64.const 0xff0000))
              (i64.const 0))
          (then
            (i64.store (local.get $out) (call $get64 (local.get $from)))
            (i64.store offset=8 (local.get $out) (call $get64 (i32.add (local.get $from) (i32.const 8))))
            (i64.store offset=16 (local.get $out) (call $get64 (i32.add (local.get $from) (i32.const 16))))
            (i64.store offset=24 (local.get $out) (call $get64 (i32.add (local.get $from) (i32.const 24))))
            (local.set $out (i32.add (local.get $out) (i32.const 32)))))
        (local.set $from (i32.add (local.get $from) (i32.const 32)))
        (br $next)))
    (local.get $out))

  ;; Asks for each descriptor by itself and at once, after native WASI refused them together.
  (func $askEach (param $in i32) (param $end i32) (param $out i32) (result i32)
    (local $got i32) (local $type i32) (local $errno i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $in) (local.get $end)))
        (local.set $type (i32.load8_u (i32.add (local.get $in) (i32.const 8))))
        (if (local.get $type)
          (then
            (call $ask (i32.const 0) (local.get $in))
            (call $askClock (i32.const 48) (i64.const 0))
            (local.set $got (call $poll (i32.const 2)))
            (if (i32.ge_s (local.get $got) (i32.const 0))
              (then (local.set $out (call $answer (local.get $out) (local.get $got))))
              (else
                (local.set $errno (i32.sub (i32.const -1) (local.get $got)))
                ;; Standard input is always at its end: readable, hung up.
                (if (i32.and
                      (i32.eq (local.get $errno) (i32.const 28))
                      (i32.and
                        (i32.eq (local.get $type) (i32.const 1))
                        (i32.eqz (i32.load (i32.add (local.get $in) (i32.const 16))))))
                  (then
                    (call $event (local.get $out) (i64.load (local.get $in))
                      (i32.const 0) (local.get $type) (i32.const 1)))
                  (else
                    ;; A FIFO that is ready to be read: wasmtime fails to tell how far, as one cannot seek in it.
                    (if (i32.and
                          (i32.eq (local.get $errno) (i32.const 28))
                          (i32.eq (local.get $type) (i32.const 1)))
                      (then (local.set $errno (i32.const 0))))
                    (call $event (local.get $out) (i64.load (local.get $in))
                      (local.get $errno) (local.get $type) (i32.const 0))
                    (i64.store (i32.add (local.get $out) (i32.const 16))
                      (i64.extend_i32_u (i32.eqz (local.get $errno))))))
                (local.set $out (i32.add (local.get $out) (i32.const 32)))))))
        (local.set $in (i32.add (local.get $in) (i32.const 48)))
        (br $next)))
    (local.get $out))

  (func (export "poll_oneoff") (param $in i32) (param $out i32) (param $count i32) (param $number i32) (result i32)
    (local $end i32) (local $at i32) (local $to i32) (local $start i64) (local $wait i64) (local $left i64)
    (local $slice i64) (local $descriptors i32) (local $got i32) (local $type i32) (local $listens i32)
    (if (i32.eqz (local.get $count)) (then (return (i32.const 28))))
    (if (i32.gt_u (local.get $count) (i32.const 4096)) (then (return (i32.const 48))))
    (if (i32.eqz
          (i32.and
            (call $inside (local.get $in) (i64.mul (i64.extend_i32_u (local.get $count)) (i64.const 48)))
            (i32.and
              (call $inside (local.get $out) (i64.mul (i64.extend_i32_u (local.get $count)) (i64.const 32)))
              (call $inside (local.get $number) (i64.const 4)))))
      (then (return (i32.const 21))))
    (local.set $end (i32.add (local.get $in) (i32.mul (local.get $count) (i32.const 48))))

    ;; Refuse what makes no sense before anything waits.
    (local.set $at (local.get $in))
    (loop $check
      (local.set $type (i32.load8_u (i32.add (local.get $at) (i32.const 8))))
      (if (i32.gt_u (local.get $type) (i32.const 2)) (then (return (i32.const 28))))
      (if (local.get $type)
        (then (local.set $descriptors (i32.add (local.get $descriptors) (i32.const 1))))
        (else
          ;; Absolute times are known for the realtime and the monotonic clock only.
          (if (i32.gt_u
                (i32.load (i32.add (local.get $at) (i32.const 16)))
                (select
                  (i32.const 1)
                  (i32.const 3)
                  (i32.and (i32.load16_u (i32.add (local.get $at) (i32.const 40))) (i32.const 1))))
            (then (return (i32.const 28))))))
      (local.set $at (i32.add (local.get $at) (i32.const 48)))
      (br_if $check (i32.lt_u (local.get $at) (local.get $end))))

    (local.set $start (call $now (i32.const 1)))
    (local.set $slice (global.get $shortest))
    (local.set $listens
      (i32.and
        (i32.eqz (local.get $descriptors))
        (i64.ne (call $get64 (global.get $hung)) (i64.const 0))))
    (loop $again
      ;; How long: until the first clock, but a slice at most.
      (if (i64.ne (call $get64 (global.get $hurry)) (i64.const 0))
        (then
          (local.set $slice (global.get $shortest))
          (local.set $listens (i32.const 0))))
      (if (local.get $listens)
        (then (local.set $wait (global.get $deep)))
        (else
          (local.set $wait (local.get $slice))
          (if (i64.lt_u (local.get $slice) (global.get $longest))
            (then (local.set $slice (i64.shl (local.get $slice) (i64.const 1)))))))
      (local.set $to (i32.const 0))
      (local.set $at (local.get $in))
      (loop $each
        (if (i32.load8_u (i32.add (local.get $at) (i32.const 8)))
          (then
            (call $ask (local.get $to) (local.get $at))
            (local.set $to (i32.add (local.get $to) (i32.const 48))))
          (else
            (local.set $left (call $remaining (local.get $at) (local.get $start)))
            (if (i64.lt_u (local.get $left) (local.get $wait))
              (then (local.set $wait (local.get $left))))))
        (local.set $at (i32.add (local.get $at) (i32.const 48)))
        (br_if $each (i32.lt_u (local.get $at) (local.get $end))))

      (local.set $type (local.get $out))
      (if (local.get $listens)
        (then
          (call $askBell (local.get $to))
          (local.set $to (i32.add (local.get $to) (i32.const 48)))))
      (call $askClock (local.get $to) (local.get $wait))
      (local.set $got
        (call $poll (i32.add (i32.add (local.get $descriptors) (local.get $listens)) (i32.const 1))))
      (if (local.get $listens)
        ;; Once it has rung, or is no bell any more, it would do so again and again.
        (then (local.set $listens (i32.eqz (call $rang (local.get $got)))))
        (else
          (if (i32.lt_s (local.get $got) (i32.const 0))
            (then
              (if (i32.eqz (local.get $descriptors))
                (then (return (i32.sub (i32.const -1) (local.get $got)))))
              (local.set $type (call $askEach (local.get $in) (local.get $end) (local.get $type))))
            (else (local.set $type (call $answer (local.get $type) (local.get $got)))))))

      ;; The clocks that are due by now.
      (local.set $at (local.get $in))
      (loop $clocks
        (if (i32.eqz (i32.load8_u (i32.add (local.get $at) (i32.const 8))))
          (then
            (if (i64.eqz (call $remaining (local.get $at) (local.get $start)))
              (then
                (call $event (local.get $type) (i64.load (local.get $at))
                  (i32.const 0) (i32.const 0) (i32.const 0))
                (local.set $type (i32.add (local.get $type) (i32.const 32)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 48)))
        (br_if $clocks (i32.lt_u (local.get $at) (local.get $end))))
      (br_if $again (i32.eq (local.get $type) (local.get $out))))

    (i32.store (local.get $number)
      (i32.shr_u (i32.sub (local.get $type) (local.get $out)) (i32.const 5)))
    (i32.const 0)))
