(module (func $begin unreachable) (start $begin))
