package io.bundlet.wasi.preview1.calls;

import io.bundlet.api.wasm.GuestTrap;
import io.bundlet.linux.SystemCalls;
import io.bundlet.wasi.preview1.abi.Errno;
import io.bundlet.wasi.preview1.abi.Flags;
import io.bundlet.wasi.preview1.abi.Layout;
import io.bundlet.wasi.preview1.abi.Memory;
import io.bundlet.wasi.preview1.abi.Rights;
import io.bundlet.wasi.preview1.abi.WasiFailure;
import io.bundlet.wasi.preview1.files.Descriptor;
import io.bundlet.wasi.preview1.files.OpenDirectory;
import io.bundlet.wasi.preview1.files.Times;
import java.util.HashMap;
import java.util.Map;

/** Functions that take paths. Rights are looked at here, read-only mounts and the jail below. */
final class PathCalls {
  private PathCalls() {}

  static Map<String, Function> functions(Layout layout) {
    Map<String, Function> all = new HashMap<>();
    all.put("path_create_directory", Function.of("iii", (guest, args) ->
        guest.paths.makeDirectory(
            root(guest, args[0], Rights.PATH_CREATE_DIRECTORY), path(guest, args[1], args[2]))));
    all.put("path_remove_directory", Function.of("iii", (guest, args) ->
        guest.paths.removeDirectory(
            root(guest, args[0], Rights.PATH_REMOVE_DIRECTORY), path(guest, args[1], args[2]))));
    all.put("path_unlink_file", Function.of("iii", (guest, args) ->
        guest.paths.unlink(root(guest, args[0], Rights.PATH_UNLINK_FILE), path(guest, args[1], args[2]))));
    all.put("path_rename", Function.of("iiiiii", (guest, args) ->
        guest.paths.rename(
            root(guest, args[0], Rights.PATH_RENAME_SOURCE), path(guest, args[1], args[2]),
            root(guest, args[3], Rights.PATH_RENAME_TARGET), path(guest, args[4], args[5]))));
    all.put("path_link", Function.of("iiiiiii", (guest, args) ->
        guest.paths.link(
            root(guest, args[0], Rights.PATH_LINK_SOURCE), path(guest, args[2], args[3]), Flags.follow(args[1]),
            root(guest, args[4], Rights.PATH_LINK_TARGET), path(guest, args[5], args[6]))));
    all.put("path_symlink", Function.of("iiiii", (guest, args) -> {
      byte[] target = path(guest, args[0], args[1]);
      guest.paths.symlink(target, root(guest, args[2], Rights.PATH_SYMLINK), path(guest, args[3], args[4]));
    }));
    all.put("path_readlink", Function.of("iiiiii", PathCalls::readLink));
    all.put("path_filestat_get", Function.of("iiiii", (guest, args) -> {
      OpenDirectory root = root(guest, args[0], Rights.PATH_FILESTAT_GET);
      byte[] path = path(guest, args[2], args[3]);
      guest.memory.check(args[4], layout.filestatSize());
      byte[] filestat = layout.filestat(guest.paths.details(root, path, Flags.follow(args[1])));
      guest.memory.write(args[4], filestat, 0, filestat.length);
    }));
    all.put("path_filestat_set_times", Function.of("iiiiIIi", (guest, args) ->
        guest.paths.setTimes(
            root(guest, args[0], Rights.PATH_FILESTAT_SET_TIMES), path(guest, args[2], args[3]),
            Flags.follow(args[1]), Times.of(args[4], args[5], Flags.ofTimes(args[6])))));
    all.put("path_open", Function.of("iiiiiIIii", PathCalls::open));
    return all;
  }

  private static OpenDirectory root(Guest guest, long number, long rights) throws WasiFailure {
    Descriptor descriptor = guest.descriptors.get(number);
    OpenDirectory directory = descriptor.directory();
    descriptor.require(rights);
    return directory;
  }

  private static byte[] path(Guest guest, long at, long length) throws WasiFailure, GuestTrap {
    return guest.memory.bytes(at, length, SystemCalls.LONGEST, Errno.NAMETOOLONG);
  }

  private static void open(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    int how = Flags.ofOpening(args[4]);
    OpenDirectory root = root(
        guest,
        args[0],
        Rights.PATH_OPEN
            | ((how & Flags.OPEN_CREATE) != 0 ? Rights.PATH_CREATE_FILE : 0)
            | ((how & Flags.OPEN_TRUNCATE) != 0 ? Rights.PATH_FILESTAT_SET_SIZE : 0));
    byte[] path = path(guest, args[2], args[3]);
    guest.memory.check(args[8], 4);
    guest.descriptors.checkRoom();
    Descriptor opened = guest.paths.open(
        root, path, Flags.follow(args[1]), how, args[5], args[6], Flags.ofDescriptor(args[7]));
    guest.memory.putInt32(args[8], guest.descriptors.add(opened));
  }

  private static void readLink(Guest guest, long[] args) throws WasiFailure, GuestTrap {
    OpenDirectory root = root(guest, args[0], Rights.PATH_READLINK);
    byte[] path = path(guest, args[1], args[2]);
    long length = Memory.address(args[4]);
    guest.memory.check(args[3], length);
    guest.memory.check(args[5], 4);
    byte[] target = new byte[SystemCalls.LONGEST];
    int used = (int) Math.min(guest.paths.readLink(root, path, target), length);
    guest.memory.write(args[3], target, 0, used);
    guest.memory.putInt32(args[5], used);
  }
}
