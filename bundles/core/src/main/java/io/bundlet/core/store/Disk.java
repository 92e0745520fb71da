package io.bundlet.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the state file asks of the file system when it writes: the places where a full or read-only disk shows. */
interface Disk {
  /** The machine's own. */
  Disk REAL =
      new Disk() {
        @Override
        public FileChannel create(Path file) throws IOException {
          return FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        }

        @Override
        public int write(FileChannel to, ByteBuffer bytes) throws IOException {
          return to.write(bytes);
        }
      };

  /** Makes the file, or empties it. */
  FileChannel create(Path file) throws IOException;

  /** Writes at least one of the bytes. @return how many */
  int write(FileChannel to, ByteBuffer bytes) throws IOException;
}
