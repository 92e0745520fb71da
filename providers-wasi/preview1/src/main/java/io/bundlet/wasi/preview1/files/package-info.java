/**
 * What a guest's descriptors are: files, directories, sockets, standard input and output, in a table with a limit. A
 * directory is a jail: the {@link io.bundlet.wasi.preview1.files.Jail} resolves the place of a path's last name below
 * it, so that each change is made by one checked name in a directory that is held open. Only regular files and
 * directories are opened; sockets are given to the guest, which accepts connections from them. A directory knows
 * whether its mount is read-only, and so does all that is opened below it.
 */
package io.bundlet.wasi.preview1.files;
